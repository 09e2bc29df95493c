package dev.pointsman.eds;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.EnvoyJson;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import dev.pointsman.xds.EdsCluster;
import dev.pointsman.xds.EdsNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A real Envoy follows our endpoint discovery, and no fault of ours costs it a host. */
@Tag("envoy")
class EndpointDiscoveryEnvoyTest {
  private static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");
  private static final PoolRef LLAMA = new PoolRef(PoolRef.V1, "default", "llama");
  private static final List<PoolRef> BOTH = List.of(QWEN, LLAMA);
  private static final Duration SOON = Duration.ofSeconds(60);

  /** The two protocols. */
  enum Way {
    DELTA("DELTA_GRPC"),
    SOTW("GRPC");

    private final String apiType;

    Way(String apiType) {
      this.apiType = apiType;
    }

    private String cluster(PoolRef pool) {
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
                  api_type: %s
                  transport_api_version: V3
                  set_node_on_first_message_only: true
                  grpc_services:
                  - envoy_grpc: {cluster_name: pointsman/endpoint-discovery, retry_policy: {retry_back_off: {base_interval: 0.2s, max_interval: 1s}}}
          """.formatted(pool.name(), EdsNames.of(pool), apiType);
    }

    RealEnvoy start(int edsPort, Collection<PoolRef> pools) {
      String clusters =
          pools.stream().map(this::cluster).collect(joining()) + "- " + eds(edsPort) + "\n";
      return RealEnvoy.start(
          RealEnvoy.NEWEST, "static_resources:\n  clusters:\n" + clusters.indent(2));
    }
  }

  private static String eds(int port) {
    return EnvoyJson.of(new EdsCluster("127.0.0.1", true, port, Optional.empty()).toCluster());
  }

  static Stream<Arguments> versionsAndOrders() {
    return TestedEnvoys.versions()
        .flatMap(version -> Stream.of(
            Arguments.of(version, "before the pool's cluster"),
            Arguments.of(version, "behind the pool's cluster")));
  }

  /** The cluster that leads to endpoint discovery comes by cluster discovery, as from the Translation hook. */
  @ParameterizedTest
  @MethodSource("versionsAndOrders")
  void theDiscoveryClusterComesWithThePools(String version, String order, @TempDir Path folder)
      throws IOException {
    try (EdsServer server = new EdsServer(0).knows(Map.of(QWEN, 2))) {
      String type = "\"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster";
      String eds = "- {" + type + ", " + eds(server.port()).substring(1) + "\n";
      String pool = "- " + type + "\n" + Way.DELTA.cluster(QWEN).replaceFirst("- ", "  ");
      Path clusters = Files.writeString(
          folder.resolve("clusters.yaml"),
          "resources:\n" + (order.startsWith("before") ? eds + pool : pool + eds));
      try (RealEnvoy envoy = RealEnvoy.start(version, """
          node: {id: envoy, cluster: envoy}
          dynamic_resources:
            cds_config: {resource_api_version: V3, path_config_source: {path: "%s"}}
          """.formatted(clusters))) {
        await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(2));
        assertThat(envoy.stat("cluster_manager.cds.update_rejected")).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void followsChanges(Way way) {
    try (EdsServer server = new EdsServer(0).knows(Map.of(QWEN, 2, LLAMA, 1));
        RealEnvoy envoy = way.start(server.port(), BOTH)) {
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(2));
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(hosts(envoy, LLAMA)).containsExactly("127.0.0.1:8000"));

      server.knows(Map.of(QWEN, 3, LLAMA, 1));
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(3));

      server.knows(Map.of(LLAMA, 2)); // qwen leaves with its pods
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, LLAMA)).hasSize(2));
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).isEmpty());

      server.knows(Map.of(QWEN, 1, LLAMA, 2)); // and returns
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(1));

      server.knows(Map.of(QWEN, 0, LLAMA, 2)); // known to be empty
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).isEmpty());

      server.knows(Map.of(QWEN, 2, LLAMA, 2));
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(2));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyCacheAfterARestartLosesNoHost(Way way) {
    EdsServer first = new EdsServer(0).knows(Map.of(QWEN, 3, LLAMA, 2));
    int port = first.port();
    try (RealEnvoy envoy = way.start(port, BOTH)) {
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(3));
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, LLAMA)).hasSize(2));
      first.close();
      try (EdsServer second = new EdsServer(port)) {
        second.knows(ClusterSnapshot.EMPTY); // not synced: nothing may be said
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(connected(envoy, QWEN)).isTrue());
        await()
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(1).plusSeconds(5))
            .untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(3));

        second.knows(Map.of(QWEN, 1)); // synced, but llama is not there (yet)
        await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(1));
        await()
            .during(Duration.ofMillis(500))
            .atMost(Duration.ofMillis(500).plusSeconds(5))
            .untilAsserted(() -> assertThat(hosts(envoy, LLAMA)).hasSize(2));

        second.knows(Map.of(QWEN, 1, LLAMA, 4));
        await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, LLAMA)).hasSize(4));
      }
    } finally {
      first.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEnvoyThatConnectsBeforeTheObjectsExistGetsThemLater(Way way) {
    try (EdsServer server = new EdsServer(0);
        RealEnvoy envoy = way.start(server.port(), BOTH)) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(connected(envoy, QWEN)).isTrue());
      assertThat(hosts(envoy, QWEN)).isEmpty();
      server.knows(Map.of(QWEN, 2));
      await().atMost(SOON).untilAsserted(() -> assertThat(hosts(envoy, QWEN)).hasSize(2));
    }
  }

  @Test
  void moreStreamsThanTheUsualLimitShareOneConnection() {
    Map<PoolRef, Integer> pools = IntStream.range(0, 1100)
        .boxed()
        .collect(toMap(i -> new PoolRef(PoolRef.V1, "default", "pool" + i), _ -> 1));
    try (EdsServer server = new EdsServer(0).knows(pools);
        RealEnvoy envoy = Way.DELTA.start(server.port(), pools.keySet())) {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(
                  envoy.stat("cluster.pointsman/endpoint-discovery.upstream_rq_active"))
              .isEqualTo(1100));
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(
                  envoy.admin("/stats?usedonly&filter=membership_total").lines())
              .filteredOn(line -> line.endsWith(": 1"))
              .hasSize(1100 + 1)); // and the cluster pointsman/endpoint-discovery
      assertThat(envoy.stat("cluster.pointsman/endpoint-discovery.upstream_cx_total"))
          .isEqualTo(1);
      assertThat(envoy.stat("cluster.pointsman/endpoint-discovery.upstream_rq_pending_overflow"))
          .isZero();
    }
  }

  private static List<String> hosts(RealEnvoy envoy, PoolRef pool) {
    return envoy.hosts(pool.name());
  }

  private static boolean connected(RealEnvoy envoy, PoolRef pool) {
    return envoy.stat("cluster." + pool.name() + ".control_plane.connected_state") == 1;
  }
}
