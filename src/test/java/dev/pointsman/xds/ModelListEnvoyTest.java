package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Envoy answers for each model, whatever its name is. */
@Tag("envoy")
class ModelListEnvoyTest {
  private static final List<String> NAMES = List.of(
      "qwen",
      "meta-llama/Llama-3.1-8B",
      "quote\"d",
      "back\\slash",
      "per%cent",
      "per%2Fcent",
      "space d",
      "模型",
      "\ud83e\udd99",
      "%s%0",
      "a.b*c[d]^$",
      "x\",\"object\":\"model\",\"created\":0,\"owned_by\":\"pointsman\"}");

  private static final List<String> UNKNOWN = List.of(
      "qwe",
      "qwen2",
      "x",
      "x\"",
      "a.b",
      ".*",
      "QWEN",
      "{\"id\":\"qwen",
      "qwen\",\"object\":\"model");

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void eachModelIsAnsweredByItsName(String version) {
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap(NAMES))) {
      int port = envoy.listenerPort("front");
      JsonNode list = read(get(port, "/v1/models"), 200);
      assertThat(list.path("data").valueStream().map(model -> model.path("id").asString()))
          .containsExactlyElementsOf(NAMES);
      for (int i = 0; i < NAMES.size(); i++) {
        HttpResponse<String> answer = get(port, "/v1/models/" + encoded(NAMES.get(i)) + "?any=1");
        assertThat(read(answer, 200))
            .as(NAMES.get(i))
            .isEqualTo(list.path("data").get(i));
      }
      for (String name : UNKNOWN) {
        JsonNode answer = read(get(port, "/v1/models/" + encoded(name)), 404);
        assertThat(answer.path("error").path("code").asString())
            .as(name)
            .isEqualTo("model_not_found");
      }
      assertThat(get(port, "/v1/models/").statusCode()).as("of no name").isEqualTo(404);
      assertThat(get(port, "/v1/modelsx").statusCode()).as("of others").isEqualTo(404);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aListOfAMebibyteIsWhole(String version) {
    ModelList list = ModelList.of(
        IntStream.range(0, 20_000).mapToObj(i -> "model-of-a-name-" + i).toList());
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap(list))) {
      JsonNode models = read(get(envoy.listenerPort("front"), "/v1/models"), 200);
      assertThat(models.path("data").size()).isEqualTo(20_000 - list.leftOut());
    }
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static HttpResponse<String> get(int port, String path) {
    return Http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build());
  }

  private static JsonNode read(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    return JsonMapper.shared().readTree(answer.body());
  }

  private static byte[] bootstrap(List<String> names) {
    return bootstrap(ModelList.of(names));
  }

  private static byte[] bootstrap(ModelList list) {
    HttpConnectionManager manager = HttpConnectionManager.newBuilder()
        .setStatPrefix("front")
        .setRouteConfig(RouteConfiguration.newBuilder()
            .addVirtualHosts(
                VirtualHost.newBuilder().setName("host").addDomains("*").addRoutes(list.route())))
        .addHttpFilters(Answers.filter())
        .addHttpFilters(HttpFilter.newBuilder()
            .setName("envoy.filters.http.router")
            .setTypedConfig(Any.pack(Router.getDefaultInstance())))
        .build();
    Listener.Builder listener = Listener.newBuilder()
        .setName("front")
        .addFilterChains(FilterChain.newBuilder()
            .addFilters(Filter.newBuilder()
                .setName("envoy.filters.network.http_connection_manager")
                .setTypedConfig(Any.pack(manager))));
    listener
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("127.0.0.1")
        .setPortValue(0);
    Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
    bootstrap
        .getAdminBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("127.0.0.1")
        .setPortValue(0);
    bootstrap.getStaticResourcesBuilder().addListeners(listener).addClusters(Answers.cluster());
    return bootstrap.build().toByteArray();
  }
}
