package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.EnvoyJson;
import dev.pointsman.rig.Logged;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.xds.EdsCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Envoy fetches endpoints over mTLS, with the cluster that the Translation hook sends. */
@Tag("envoy")
class TlsEnvoyTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String CLUSTER = """
      name: qwen
      type: EDS
      connect_timeout: 1s
      eds_cluster_config:
        service_name: inferencepool/inference.networking.k8s.io/default/qwen
        eds_config:
          resource_api_version: V3
          initial_fetch_timeout: 1s
          api_config_source:
            api_type: DELTA_GRPC
            transport_api_version: V3
            grpc_services:
            - envoy_grpc: {cluster_name: pointsman/endpoint-discovery, retry_policy: {retry_back_off: {base_interval: 0.2s, max_interval: 1s}}}
      """;
  /** As Envoy Gateway writes it for its proxies. */
  private static final String SDS = """
      {"resources":[{"@type":"type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret",\
      "name":"xds_certificate","tls_certificate":{"certificate_chain":{"filename":"%1$s/tls.crt"},\
      "private_key":{"filename":"%1$s/tls.key"}}}]}
      """;

  @TempDir
  private Path folder;

  private static RealEnvoy envoy(int port, String serverCa, Optional<String> sds)
      throws IOException {
    EdsCluster eds =
        new EdsCluster("127.0.0.1", true, port, Optional.of(new EdsCluster.EdsTls(serverCa, sds)));
    return RealEnvoy.start(
        RealEnvoy.NEWEST,
        "static_resources:\n  clusters:\n" + item(CLUSTER) + item(EnvoyJson.of(eds.toCluster())));
  }

  private static String item(String yaml) {
    return "  -" + yaml.indent(4).substring(3);
  }

  private Path newFolder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  @Test
  void endpointsOverMutualTlsWhileEverythingIsRenewed() throws Exception {
    Authority servers = Authority.create("servers");
    Authority clients = Authority.create("clients");
    Authority next = Authority.create("next");
    Path certificates = newFolder("certificates");
    servers.issue("first", "ip:127.0.0.1").writeTo(certificates);
    Path clientCa = Files.writeString(folder.resolve("clients.pem"), clients.certificate());
    Path proxy = newFolder("proxy");
    clients.issue("envoy", "dns:envoy").writeTo(proxy);
    String sds = Files.writeString(folder.resolve("xds-certificate.json"), SDS.formatted(proxy))
        .toString();
    Path resources = newFolder("resources");
    Files.writeString(resources.resolve("pool.yaml"), TestServer.POOL.formatted("10.0.0.1"));
    TlsSettings tls = new TlsSettings(
        certificates,
        Optional.of(Files.writeString(folder.resolve("servers.pem"), servers.certificate())),
        Optional.of(sds),
        Optional.empty(),
        Optional.empty(),
        Optional.of(clientCa));
    try (Logged log = new Logged()) {
      int port;
      try (PointsmanServer server = start(resources, tls, 0)) {
        port = server.ports().eds();
        try (RealEnvoy anonymous = envoy(port, servers.certificate(), Optional.empty())) {
          await()
              .atMost(SOON)
              .untilAsserted(() -> assertThat(log.lines())
                  .anyMatch(line -> line.contains("presents no client certificate")));
          await()
              .during(Duration.ofSeconds(1))
              .atMost(Duration.ofSeconds(1).plusSeconds(5))
              .untilAsserted(() -> assertThat(anonymous.hosts("qwen")).isEmpty());
        }
        try (RealEnvoy deceived = envoy(port, clients.certificate(), Optional.of(sds))) {
          await()
              .atMost(SOON)
              .untilAsserted(() -> assertThat(
                      deceived.stat("cluster.pointsman/endpoint-discovery.ssl.fail_verify_error"))
                  .isPositive());
          assertThat(deceived.hosts("qwen")).isEmpty();
        }
      }
      try (RealEnvoy envoy = envoy(port, servers.certificate(), Optional.of(sds))) {
        try (PointsmanServer server = start(resources, tls, port)) {
          assertThat(server.ports().eds()).isEqualTo(port);
          hosts(envoy, "10.0.0.1:8000");

          servers.issue("second", "ip:127.0.0.1").writeTo(certificates);
          Authority.replace(clientCa, clients.certificate() + next.certificate());
          next.issue("envoy", "dns:envoy").writeTo(proxy);
          await()
              .atMost(SOON)
              .untilAsserted(() -> assertThat(log.lines())
                  .filteredOn(line -> line.contains("changed, in use for new connections"))
                  .hasSize(2));
          Authority.replace(resources.resolve("pool.yaml"), TestServer.POOL.formatted("10.0.0.2"));
          hosts(envoy, "10.0.0.2:8000");
          assertThat(envoy.stat("cluster.pointsman/endpoint-discovery.upstream_cx_total"))
              .as("the stream went on")
              .isLessThanOrEqualTo(
                  envoy.stat("cluster.pointsman/endpoint-discovery.upstream_cx_connect_fail") + 1);
        }
        // Only the new authority is left: Envoy must have read its new certificate to come back.
        Authority.replace(clientCa, next.certificate());
        Authority.replace(resources.resolve("pool.yaml"), TestServer.POOL.formatted("10.0.0.3"));
        try (PointsmanServer server = start(resources, tls, port)) {
          assertThat(server.ports().eds()).isEqualTo(port);
          hosts(envoy, "10.0.0.3:8000");
        }
      }
    }
  }

  private static void hosts(RealEnvoy envoy, String host) {
    await().atMost(SOON).untilAsserted(() -> assertThat(envoy.hosts("qwen")).containsExactly(host));
  }

  private static PointsmanServer start(Path resources, TlsSettings tls, int edsPort)
      throws InterruptedException {
    return TestServer.over(resources)
        .eds(new HostPort("127.0.0.1", edsPort))
        .secured(tls)
        .start();
  }
}
