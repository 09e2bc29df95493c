package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.EnvoyJson;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.xds.EdsCluster;
import dev.pointsman.xds.EdsNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Our assignments get requests under the balancing that Envoy Gateway sets up, also as a fallback of override_host. */
@Tag("envoy")
class LocalityWeightEnvoyTest {
  private static final PoolRef POOL = new PoolRef(PoolRef.V1, "default", "qwen");

  @SuppressWarnings("InlineFormatString") // too long to read inside the call
  private static final String BOOTSTRAP = """
      static_resources:
        listeners:
        - name: web
          address: {socket_address: {address: 127.0.0.1, port_value: 0}}
          filter_chains:
          - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: web
                http_filters:
                - name: envoy.filters.http.router
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                route_config:
                  virtual_hosts:
                  - {name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: pool}}]}
        clusters:
        - name: pool
          type: EDS
          connect_timeout: 1s
          eds_cluster_config:
            service_name: %s
            eds_config:
              resource_api_version: V3
              api_config_source:
                api_type: DELTA_GRPC
                transport_api_version: V3
                grpc_services: [{envoy_grpc: {cluster_name: pointsman/endpoint-discovery}}]
          load_balancing_policy:
            policies:
            %s
        - %s
      """;

  private static final String LEAST_REQUEST = """
      - typed_extension_config:
          name: envoy.load_balancing_policies.least_request
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest
            locality_lb_config: {locality_weighted_lb_config: {}}
      """;
  private static final String OVERRIDE_HOST = """
      - typed_extension_config:
          name: envoy.load_balancing_policies.override_host
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost
            override_host_sources: [{header: x-gateway-destination-endpoint}]
            fallback_policy:
              policies:
      """ + LEAST_REQUEST.indent(8);

  static final List<Named<String>> policies =
      List.of(Named.of("alone", LEAST_REQUEST), Named.of("below override_host", OVERRIDE_HOST));

  @ParameterizedTest
  @FieldSource("policies")
  void requestsReachTheEndpoints(String policy) throws Exception {
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    backend.start();
    Map<String, String> labels = Map.of("app", "qwen");
    ClusterSnapshot snapshot = new ClusterObjects()
        .add(new InferencePool(
            POOL,
            labels,
            List.of(backend.getAddress().getPort()),
            AppProtocol.HTTP,
            Optional.empty()))
        .add(new Pod("default", "qwen-1", labels, "127.0.0.1", List.of(), Pod.Phase.READY))
        .snapshot();
    try (EdsServer eds = new EdsServer(0).knows(snapshot);
        RealEnvoy envoy = RealEnvoy.start(
            RealEnvoy.NEWEST,
            BOOTSTRAP.formatted(
                EdsNames.of(POOL),
                policy.indent(6).strip(),
                EnvoyJson.of(
                    new EdsCluster("127.0.0.1", true, eds.port(), Optional.empty()).toCluster())));
        HttpClient http = HttpClient.newHttpClient()) {
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(envoy.hosts("pool")).hasSize(1));
      HttpRequest request = HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + envoy.listenerPort("web") + "/"))
          .build();
      assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    } finally {
      backend.stop(0);
    }
  }
}
