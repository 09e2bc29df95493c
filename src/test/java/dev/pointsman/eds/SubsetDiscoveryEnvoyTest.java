package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import dev.pointsman.rig.EnvoyJson;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import dev.pointsman.xds.EdsCluster;
import dev.pointsman.xds.SubsetResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real Envoy follows the pods of a subset that it asks for by a name that nobody has announced. */
@Tag("envoy")
class SubsetDiscoveryEnvoyTest {
  private static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");
  private static final String LOOP = "0123456789abcdef0123456789abcdef";
  private static final Subset CANARY =
      new Subset("default", new TreeMap<>(Map.of("track", "canary", "example.com/zone", "")));
  private static final SubsetResource PODS = new SubsetResource("", List.of(QWEN), CANARY);
  private static final SubsetResource HINT = new SubsetResource(LOOP, List.of(QWEN), CANARY);

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void followsLabels(String version) {
    try (EdsServer server = new EdsServer(0).knows(snapshot("canary", "stable"));
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap(server.port()))) {
      assertKnows(envoy, "10.0.0.1:8000");
      server.knows(snapshot("canary", "canary"));
      assertKnows(envoy, "10.0.0.1:8000,10.0.0.2:8000");
      server.knows(snapshot("stable", "stable"));
      assertKnows(envoy, "");
      server.knows(snapshot("stable", "canary"));
      assertKnows(envoy, "10.0.0.2:8000");
    }
  }

  /** Another process has asked before it. */
  @ParameterizedTest
  @MethodSource("versions")
  void keepsItsPodsWhereANewReplicaHasNoRoomForThem(String version) {
    EdsServer first = new EdsServer(0).knows(snapshot("canary", "canary"));
    int port = first.port();
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap(port))) {
      assertKnows(envoy, "10.0.0.1:8000,10.0.0.2:8000");
      first.close();
      EndpointCache withoutRoom = new EndpointCache(
          VersionPrefix.ofNow(),
          new AskedEndpoints(0, Duration.ZERO, System::nanoTime),
          new MissingObjects(_ -> true),
          new CacheDelays(Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofMinutes(1)));
      try (EdsServer _ = new EdsServer(port, new EndpointDiscovery(withoutRoom))
          .knows(snapshot("canary", "canary"))) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> envoy.stat("cluster.pods.control_plane.connected_state") == 1
                && envoy.stat("cluster.hint.control_plane.connected_state") == 1);
        await()
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(() -> assertKnows(envoy, "10.0.0.1:8000,10.0.0.2:8000"));
      }
    } finally {
      first.close();
    }
  }

  private static void assertKnows(RealEnvoy envoy, String endpoints) {
    await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
      String dump = envoy.admin("/config_dump?include_eds");
      assertThat(dump).contains("\"subset\": \"" + endpoints + "\"");
      assertThat(dump).contains("/dev/shm/pointsman-" + LOOP + ".sock");
      assertThat(Stream.of(envoy.admin("/clusters").split("\n"))
              .filter(line -> line.startsWith("pods::10.0.0."))
              .map(line -> line.split("::")[1])
              .distinct())
          .containsExactlyInAnyOrderElementsOf(
              endpoints.isEmpty() ? List.of() : List.of(endpoints.split(",")));
    });
  }

  private static ClusterSnapshot snapshot(String... tracks) {
    ClusterObjects objects = new ClusterObjects();
    objects.add(new InferencePool(
        QWEN, Map.of("app", "qwen"), List.of(8000), AppProtocol.HTTP, Optional.empty()));
    for (int i = 1; i <= tracks.length; i++) {
      Map<String, String> labels =
          Map.of("app", "qwen", "track", tracks[i - 1], "example.com/zone", "");
      objects.add(
          new Pod("default", "qwen-" + i, labels, "10.0.0." + i, List.of(), Pod.Phase.READY));
    }
    return objects.snapshot();
  }

  private static String bootstrap(int port) {
    String eds =
        EnvoyJson.of(new EdsCluster("127.0.0.1", true, port, Optional.empty()).toCluster());
    return "static_resources:\n  clusters:\n"
        + ("- " + eds + "\n" + cluster("pods", PODS) + cluster("hint", HINT)).indent(2);
  }

  private static String cluster(String name, SubsetResource resource) {
    return """
        - name: %s
          type: EDS
          connect_timeout: 1s
          eds_cluster_config:
            service_name: "%s"
            eds_config:
              resource_api_version: V3
              initial_fetch_timeout: 1s
              api_config_source:
                api_type: DELTA_GRPC
                transport_api_version: V3
                grpc_services: [{envoy_grpc: {cluster_name: pointsman/endpoint-discovery}}]
        """.formatted(name, resource.name());
  }
}
