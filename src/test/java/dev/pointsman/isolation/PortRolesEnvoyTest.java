package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pods with a port for requests, one for metrics, one for health, and one whose role is not known. */
@Tag("envoy")
class PortRolesEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "target-port-roles");
  private static final int POD = 11;
  private static final int SERVING = 8000;
  private static final List<Integer> PORTS = List.of(SERVING, 9090, 8081, 8002);
  private static final int MANY = 60;

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void requestsGoToTheServingPort(String version, @TempDir Path folder) throws Exception {
    assertThat(portsWithRequests(version, folder, objects())).containsExactly(SERVING);
  }

  /** The same pods of a pool without roles: all its ports are for requests. */
  @ParameterizedTest
  @MethodSource("versions")
  void withoutRolesRequestsGoToAllPorts(String version, @TempDir Path folder) throws Exception {
    String plain = objects().replaceAll(", role: [A-Z][a-z]+", "");
    assertThat(portsWithRequests(version, folder, plain))
        .containsExactlyInAnyOrderElementsOf(PORTS);
  }

  private static String objects() throws IOException {
    return Files.readString(RECORDED.resolve("objects.yaml"));
  }

  private Set<Integer> portsWithRequests(String version, Path folder, String objects)
      throws Exception {
    Set<Integer> asked = ConcurrentHashMap.newKeySet();
    List<RawPod> pods = new ArrayList<>();
    for (int port : PORTS) {
      pods.add(new RawPod(network.at(POD, port), request -> {
        asked.add(port);
        return TwoTenantsEnvoy.ok("pod", request);
      }));
    }
    Path resources = Files.createDirectory(folder.resolve("resources"));
    Files.writeString(
        resources.resolve("all.yaml"), objects + "\n---\n" + network.pod("qwen", POD));
    try (RealEnvoy envoy = RealEnvoy.start(version, network.bootstrap(RECORDED, resources))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      await("the pool to answer")
          .atMost(OwnAnswers.SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> status(port, "qwen") == 200);
      for (int i = 0; i < MANY; i++) {
        assertThat(status(port, "qwen")).isEqualTo(200);
      }
      // Its only port is for metrics.
      assertThat(status(port, "metrics-only")).isEqualTo(500);
      return asked;
    } finally {
      for (RawPod pod : pods) {
        pod.close();
      }
    }
  }

  private static int status(int port, String model) {
    try (KeepAlive connection = new KeepAlive(port)) {
      return connection.post("any", Client.body(model, 100)).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
