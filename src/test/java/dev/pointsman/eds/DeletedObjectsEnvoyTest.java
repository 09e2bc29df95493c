package dev.pointsman.eds;

import static dev.pointsman.eds.TeamSnapshot.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.ClusterObjects;
import dev.pointsman.rig.EnvoyJson;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.xds.EdsCluster;
import dev.pointsman.xds.EdsNames;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real Envoy whose clusters stay while their objects are deleted, as those of pickers and mirrors do. */
@Tag("envoy")
class DeletedObjectsEnvoyTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void losesTheHostsOfDeletedObjectsAndGetsThemAgain() {
    try (EdsServer server = server(0).knows(WHOLE.snapshot());
        RealEnvoy envoy = envoy(server.port())) {
      assertHosts(envoy, "pool", "10.0.0.1:8000");
      assertHosts(envoy, "picker", "10.0.1.1:9002");
      server.knows(WHOLE.withPickerPort(0).snapshot());
      assertHosts(envoy, "picker");
      server.knows(WHOLE.withoutPool().snapshot());
      assertHosts(envoy, "pool");
      server.knows(WHOLE.snapshot());
      assertHosts(envoy, "pool", "10.0.0.1:8000");
      assertHosts(envoy, "picker", "10.0.1.1:9002");
    }
  }

  @Test
  void losesTheHostsOfObjectsThatWereDeletedWhileTheServerWasAway() {
    EdsServer first = server(0).knows(WHOLE.snapshot());
    int port = first.port();
    try (RealEnvoy envoy = envoy(port)) {
      assertHosts(envoy, "pool", "10.0.0.1:8000");
      assertHosts(envoy, "picker", "10.0.1.1:9002");
      first.close();
      try (EdsServer _ = server(port).knows(new ClusterObjects().snapshot())) {
        assertHosts(envoy, "pool");
        assertHosts(envoy, "picker");
      }
    } finally {
      first.close();
    }
  }

  private static void assertHosts(RealEnvoy envoy, String cluster, String... hosts) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(envoy.hosts(cluster)).containsExactly(hosts));
  }

  private static EdsServer server(int port) {
    EndpointCache cache = new EndpointCache(
        VersionPrefix.ofNow(),
        new AskedEndpoints(10, Duration.ZERO, System::nanoTime),
        new MissingObjects(_ -> true),
        new CacheDelays(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMinutes(1)));
    return new EdsServer(port, new EndpointDiscovery(cache));
  }

  private static RealEnvoy envoy(int port) {
    String eds =
        EnvoyJson.of(new EdsCluster("127.0.0.1", true, port, Optional.empty()).toCluster());
    String clusters = cluster("pool", EdsNames.of(TeamSnapshot.POOL))
        + cluster("picker", EdsNames.of(TeamSnapshot.PICKER))
        + "- " + eds + "\n";
    return RealEnvoy.start(
        RealEnvoy.NEWEST, "static_resources:\n  clusters:\n" + clusters.indent(2));
  }

  private static String cluster(String name, String resource) {
    return """
        - name: %s
          type: EDS
          connect_timeout: 1s
          eds_cluster_config:
            service_name: %s
            eds_config:
              resource_api_version: V3
              initial_fetch_timeout: 1s
              api_config_source:
                api_type: DELTA_GRPC
                transport_api_version: V3
                grpc_services: [{envoy_grpc: {cluster_name: pointsman/endpoint-discovery}}]
        """.formatted(name, resource);
  }
}
