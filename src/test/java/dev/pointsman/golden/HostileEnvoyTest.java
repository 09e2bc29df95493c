package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.hook.TranslationResult;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real Envoys load the routes that a tenant's hostile strings become, as a table of a listener. */
@Tag("envoy")
class HostileEnvoyTest {
  private static final int SAMPLES = 12;

  @TempDir
  private static Path folder;

  static Stream<String> versions() {
    return Stream.of(RealEnvoy.VERSIONS.getFirst(), RealEnvoy.VERSIONS.getLast());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void envoyLoadsTheirRoutes(String version) throws Exception {
    for (int seed = 0; seed < SAMPLES; seed++) {
      Random random = new Random(seed);
      GoldenCase golden = GoldenCase.named(List.of(
              "base-model-from-adapters", "policy-models-split-and-aliases", "policy-200-models")
          .get(seed % 3));
      HostileStrings strings = new HostileStrings(random, HostileStrings.ALL);
      SecondTenant tenant = new SecondTenant(strings, 6, 2);
      TranslationResult result = tenant
          .joining(golden.seen(), golden.requests())
          .answer(tenant.joining(golden.snapshot()));
      Path file = Files.write(folder.resolve(version + "-" + seed + ".pb"), bootstrap(result));
      RealEnvoy.Validation validation = RealEnvoy.validate(version, file);
      assertThat(validation.ok())
          .as("seed %d, %s: %s", seed, golden, validation.output())
          .isTrue();
    }
  }

  private static byte[] bootstrap(TranslationResult result) {
    Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("hostile").setCluster("hostile");
    bootstrap
        .getLayeredRuntimeBuilder()
        .addLayersBuilder()
        .setName("as-envoy-gateway")
        .getStaticLayerBuilder()
        .putFields(
            "re2.max_program_size.error_level",
            com.google.protobuf.Value.newBuilder().setNumberValue(4294967295.0).build());
    int port = 20_000;
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), result.response().getRoutesList())) {
      RouteConfiguration.Builder checked = table.toBuilder();
      checked.getValidateClustersBuilder().setValue(false);
      checked
          .getVirtualHostsBuilderList()
          .forEach(host -> host.getRoutesBuilderList()
              .forEach(route -> route.clearTypedPerFilterConfig())); // its filters are not here
      HttpConnectionManager.Builder manager =
          HttpConnectionManager.newBuilder().setStatPrefix("hostile").setRouteConfig(checked);
      manager
          .addHttpFiltersBuilder()
          .setName("router")
          .setTypedConfig(com.google.protobuf.Any.pack(
              io.envoyproxy.envoy.extensions.filters.http.router.v3.Router.getDefaultInstance()));
      Listener.Builder listener = Listener.newBuilder().setName(table.getName());
      listener
          .getAddressBuilder()
          .getSocketAddressBuilder()
          .setAddress("127.0.0.1")
          .setPortValue(port++);
      listener.addFilterChains(FilterChain.newBuilder()
          .addFilters(Filter.newBuilder()
              .setName("http")
              .setTypedConfig(com.google.protobuf.Any.pack(manager.build()))));
      bootstrap.getStaticResourcesBuilder().addListeners(listener);
    }
    return bootstrap.build().toByteArray();
  }
}
