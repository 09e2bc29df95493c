package dev.pointsman.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.PoolRef;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Route hook with the objects that Envoy Gateway sends along. */
class RouteHookTest {
  private static final Route ROUTE = route();

  private static final String POOL = """
      {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
       "metadata": {"name": "qwen-pool", "namespace": "models"},
       "spec": {"selector": {"matchLabels": {"app": "qwen"}}, "targetPorts": [{"number": 8000}],
                "endpointPickerRef": {"name": "epp", "port": {"number": 9002}}}}""";

  @Test
  void onlyTheRoutesMetadataChanges() throws InvalidProtocolBufferException {
    Route answer = hook(ROUTE, POOL);
    assertThat(answer).isNotEqualTo(ROUTE);
    assertThat(InBand.strip(answer)).isEqualTo(ROUTE);
    assertThat(answer.getMetadata().getFilterMetadataMap())
        .containsAllEntriesOf(ROUTE.getMetadata().getFilterMetadataMap());
  }

  @Test
  void poolsKeepTheOrderOfTheRuleAndMayRepeat() throws InvalidProtocolBufferException {
    String other = POOL.replace("qwen-pool", "deepseek-pool");
    assertThat(InBand.pools(hook(ROUTE, POOL, other, POOL)))
        .extracting(pool -> ((ValidPool) pool).ref().name())
        .containsExactly("qwen-pool", "deepseek-pool", "qwen-pool");
  }

  @Test
  void fieldsThatItDoesNotKnowArePassedOver() throws InvalidProtocolBufferException {
    String later = POOL.replace("\"targetPorts\"", "\"brandNew\": {\"a\": []}, \"targetPorts\"");
    assertThat(InBand.pools(hook(ROUTE, later))).isEqualTo(InBand.pools(hook(ROUTE, POOL)));
    assertThat(InBand.pools(hook(ROUTE, POOL)))
        .singleElement()
        .isInstanceOfSatisfying(
            ValidPool.class,
            pool ->
                assertThat(pool.ref()).isEqualTo(new PoolRef(PoolRef.V1, "models", "qwen-pool")));
  }

  @Test
  void anotherExtensionsResourceIsNoneOfOurs() {
    String other = "{\"apiVersion\": \"example.com/v1\", \"kind\": \"Thing\"}";
    PostRouteModifyRequest request = request(ROUTE.toByteString(), other);
    assertThat(answer(request).getRoute()).isEqualTo(request.getRoute());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "not JSON", "\u0000\u0001", "{\"kind\": \"InferencePool\"", "[[[["})
  void somethingThatIsNotJsonMakesAPoolThatCannotServe(String json)
      throws InvalidProtocolBufferException {
    assertThat(diagnostics(json)).singleElement().satisfies(diagnostic -> {
      assertThat(diagnostic.about().kind()).isEqualTo("InferencePool");
      assertThat(diagnostic.message()).isNotBlank();
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "1", "\"text\"", "[]", "{}"})
  void jsonThatIsNoObjectMakesAPoolThatCannotServe(String json)
      throws InvalidProtocolBufferException {
    assertThat(diagnostics(json)).isNotEmpty();
  }

  @Test
  void absurdlyDeepJsonMakesAPoolThatCannotServe() throws InvalidProtocolBufferException {
    assertThat(diagnostics("[".repeat(1_000_000))).isNotEmpty();
    assertThat(diagnostics(POOL.replace("8000", "{\"a\":".repeat(100_000)))).isNotEmpty();
  }

  @Test
  void aPickerThatIsNoServiceIsSaidWithObjectAndField() throws InvalidProtocolBufferException {
    String wrong = POOL.replace("\"name\": \"epp\"", "\"name\": \"epp\", \"kind\": \"Deployment\"");
    assertThat(diagnostics(wrong))
        .extracting(Diagnostic::toString)
        .singleElement()
        .asString()
        .startsWith("InferencePool models/qwen-pool spec.endpointPickerRef.kind: is Deployment");
  }

  @Test
  void aPortOutOfRangeIsSaidWithObjectAndField() throws InvalidProtocolBufferException {
    assertThat(diagnostics(POOL.replace("8000", "80000")))
        .extracting(Diagnostic::toString)
        .singleElement()
        .asString()
        .startsWith("InferencePool models/qwen-pool spec.targetPorts[0].number: is 80000");
  }

  @Test
  void aRouteThatCannotBeReadGoesBackAsItCame() {
    ByteString broken = ByteString.copyFromUtf8("\u0001broken");
    assertThat(answer(request(broken, POOL)).getRoute()).isEqualTo(broken);
  }

  @Test
  void aRequestWithoutARouteIsAnsweredWithoutOne() {
    assertThat(answer(PostRouteModifyRequest.getDefaultInstance()))
        .isEqualTo(PostRouteModifyResponse.getDefaultInstance());
  }

  private static List<Diagnostic> diagnostics(String json) throws InvalidProtocolBufferException {
    List<PoolBackend> pools = InBand.pools(hook(ROUTE, json));
    assertThat(pools).singleElement().isInstanceOf(InvalidPool.class);
    return pools.getFirst().diagnostics();
  }

  private static Route hook(Route route, String... objects) throws InvalidProtocolBufferException {
    return Route.parseFrom(answer(request(route.toByteString(), objects)).getRoute());
  }

  private static PostRouteModifyResponse answer(PostRouteModifyRequest request) {
    return new RouteHook().apply(request, new SentPolicies());
  }

  private static PostRouteModifyRequest request(ByteString route, String... objects) {
    PostRouteModifyRequest.Builder request = PostRouteModifyRequest.newBuilder().setRoute(route);
    for (String object : objects) {
      request
          .getPostRouteContextBuilder()
          .addExtensionResources(
              ExtensionResource.newBuilder().setUnstructuredBytes(ByteString.copyFromUtf8(object)));
    }
    return request.build();
  }

  private static Route route() {
    Route.Builder route = Route.newBuilder().setName("httproute/default/models/rule/0/match/0/*");
    route.getMatchBuilder().setPrefix("/");
    route.getRouteBuilder().setCluster("httproute/default/models/rule/0");
    route.getMetadataBuilder().putFilterMetadata("envoy-gateway", Struct.getDefaultInstance());
    return route.build();
  }
}
