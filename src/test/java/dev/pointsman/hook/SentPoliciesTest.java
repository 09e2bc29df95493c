package dev.pointsman.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.rig.EnvoyGatewayMetadata;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The policies of a translation's routes arrive, whatever the connection and however many routes there are. */
class SentPoliciesTest {
  private static final String POLICY = """
      {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
       "metadata": {"name": "all", "namespace": "ml"},
       "spec": {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "chat"}],
                "endpointPicker": {"idleTimeout": "7s"},
                "models": [%s]}}""";
  private static final String SMALL = POLICY.formatted("{\"name\": \"qwen\"}");
  private static final String POOL = """
      {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
       "metadata": {"name": "qwen-pool", "namespace": "ml"},
       "spec": {"selector": {"matchLabels": {"app": "qwen"}}, "targetPorts": [{"number": 8000}],
                "endpointPickerRef": {"name": "epp", "port": {"number": 9002}}}}""";

  private final Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
  private final Hooks.Connection connection = hooks.connect();

  @Test
  void oneRouteCarriesThePolicyAndTheOthersNameIt() throws InvalidProtocolBufferException {
    String large = POLICY.formatted(IntStream.range(0, 500)
        .mapToObj("{\"name\": \"model-%04d\"}"::formatted)
        .collect(Collectors.joining(",")));
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < 2_048; i++) {
      routes.add(sent(connection, "r" + i, large));
    }
    assertThat(routes.stream().map(InBand::policies).distinct()).hasSize(1);
    assertThat(routes.stream().filter(route -> !InBand.carried(route).isEmpty()))
        .containsExactly(routes.getFirst());
    int without = routes.stream()
        .mapToInt(route -> InBand.strip(route).getSerializedSize())
        .sum();
    int with = routes.stream().mapToInt(Route::getSerializedSize).sum();
    assertThat(with - without).isLessThan(2_048 * 400 + large.length());
  }

  @Test
  void eachRouteHasThePolicyOfTheOneThatCarriesIt() throws InvalidProtocolBufferException {
    List<Route> routes = List.of(sent(connection, "a", SMALL), sent(connection, "b", SMALL));
    assertThat(withPolicy(connection.translation(translation(routes))))
        .containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void anotherConnectionFindsItInTheTranslation() throws InvalidProtocolBufferException {
    List<Route> routes = List.of(sent(connection, "a", SMALL), sent(connection, "b", SMALL));
    TranslationResult result = hooks.connect().translation(translation(routes));
    assertThat(withPolicy(result)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void theNextTranslationCarriesItAgain() throws InvalidProtocolBufferException {
    Route first = sent(connection, "a", SMALL);
    var _ = connection.translation(translation(List.of(first)));
    assertThat(sent(connection, "b", SMALL))
        .satisfies(route -> assertThat(InBand.carried(route)).hasSize(1));
  }

  @Test
  void aTranslationThatIsBegunAnewCarriesItAgain() throws InvalidProtocolBufferException {
    Route first = sent(connection, "a", SMALL);
    assertThat(sent(connection, "a", SMALL)).isEqualTo(first);
  }

  /** The route that carried it has gone in the meantime. */
  @Test
  void afterATranslationThatWasGivenUpTheConnectionStillKnowsIt()
      throws InvalidProtocolBufferException {
    sent(connection, "a", SMALL);
    Route other = sent(connection, "b", SMALL);
    assertThat(InBand.carried(other)).isEmpty();
    assertThat(withPolicy(connection.translation(translation(List.of(other)))))
        .containsExactly("b");
  }

  @Test
  void aPolicyThatDidNotArriveIsSaid() throws InvalidProtocolBufferException {
    sent(connection, "a", SMALL);
    Route other = sent(connection, "b", SMALL);
    TranslationResult result = hooks.connect().translation(translation(List.of(other)));
    assertThat(withPolicy(result)).isEmpty();
    assertThat(result.diagnostics())
        .filteredOn(diagnostic -> diagnostic.reason() == Reason.Unreadable)
        .extracting(Diagnostic::toString)
        .singleElement()
        .asString()
        .startsWith("HTTPRoute ml/chat: has an InferencePolicy that did not arrive");
  }

  @Test
  void ofVeryManyTheOldestAreCarried() throws InvalidProtocolBufferException {
    String[] policies = IntStream.range(0, 40)
        .mapToObj(i -> SMALL.replace(
            "\"name\": \"all\"",
            "\"name\": \"p%d\", \"creationTimestamp\": \"2026-01-%02dT00:00:00Z\""
                .formatted(i, 1 + (i + 20) % 40 % 28)))
        .toArray(String[]::new);
    Route route = sent(connection, "a", policies);
    assertThat(InBand.policies(route)).hasSize(16);
    assertThat(InBand.carried(route).values())
        .allSatisfy(policy -> assertThat(policy
                .getFieldsOrThrow("metadata")
                .getStructValue()
                .getFieldsOrThrow("creationTimestamp")
                .getStringValue())
            .isLessThan("2026-01-13"));
  }

  /** The routes whose picker may be silent as long as the policy says. */
  private static List<String> withPolicy(TranslationResult result)
      throws InvalidProtocolBufferException {
    List<String> names = new ArrayList<>();
    for (ByteString bytes : result.response().getRoutesList()) {
      for (Route route : RouteConfiguration.parseFrom(bytes).getVirtualHosts(0).getRoutesList()) {
        if (List.of("a", "b").contains(route.getName())
            && route.getRoute().getIdleTimeout().getSeconds() == 7) {
          names.add(route.getName());
        }
      }
    }
    return names;
  }

  private static PostTranslateModifyRequest translation(List<Route> routes) {
    RouteConfiguration.Builder table = RouteConfiguration.newBuilder().setName("gateways/gw/http");
    table.addVirtualHostsBuilder().setName("h").addDomains("*").addAllRoutes(routes);
    return PostTranslateModifyRequest.newBuilder()
        .addRoutes(table.build().toByteString())
        .build();
  }

  private static Route sent(Hooks.Connection connection, String name, String... policies)
      throws InvalidProtocolBufferException {
    PostRouteModifyRequest.Builder request =
        PostRouteModifyRequest.newBuilder().setRoute(route(name).toByteString());
    request
        .getPostRouteContextBuilder()
        .addExtensionResources(
            ExtensionResource.newBuilder().setUnstructuredBytes(ByteString.copyFromUtf8(POOL)));
    for (String policy : policies) {
      request
          .getPostRouteContextBuilder()
          .addExtensionPolicies(
              ExtensionResource.newBuilder().setUnstructuredBytes(ByteString.copyFromUtf8(policy)));
    }
    return Route.parseFrom(connection.route(request.build()).getRoute());
  }

  private static Route route(String name) {
    Route.Builder route = Route.newBuilder().setName(name);
    route.getMatchBuilder().setPrefix("/" + name);
    route.getRouteBuilder().setCluster("httproute/ml/chat/rule/0");
    route.setMetadata(EnvoyGatewayMetadata.of(new ObjectRef("HTTPRoute", "ml", "chat")));
    return route.build();
  }
}
