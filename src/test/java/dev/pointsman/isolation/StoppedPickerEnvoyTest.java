package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.PickerHandle;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A picker's process is stopped while it holds requests: its connections stay, nobody answers. Envoy's pings find out. They
 * are more frequent here than in our configuration, which spares gRPC servers.
 */
@Tag("envoy")
class StoppedPickerEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-picker-may-end");
  private static final int PATIENCE_MS = 60_000;

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void requestsThatItHoldsEnd(String version, @TempDir Path folder) throws Exception {
    Path certificate = folder.resolve("certificate");
    Authority.selfSigned().writeTo(certificate);
    try (RawPod _ =
            new RawPod(network.at(11, 8000), request -> TwoTenantsEnvoy.ok("pod", request));
        PickerHandle picker = PickerHandle.takingPings(
            network.at(21, 9002), List.of(network.at(11, 8000).toString()), folder);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap(folder))) {
      for (String pool : RequestPickers.POOLS) {
        // With a body, a request cannot pass a failed picker: bytes of it may be lost.
        assertThat(statusOfHeld(envoy, picker, "POST", pool)).isEqualTo(503);
        assertThat(statusOfHeld(envoy, picker, "GET", pool))
            .isEqualTo(pool.equals("open") ? 200 : 503);
      }
    }
  }

  private static int statusOfHeld(RealEnvoy envoy, PickerHandle picker, String method, String pool)
      throws IOException {
    int port = envoy.listenerPort("default/inference/llm");
    picker.hang(false);
    await("the picker's answers").atMost(OwnAnswers.SOON).until(() -> {
      int before = picker.calls().size();
      return status(port, pool) == 200 && picker.calls().size() > before;
    });
    picker.hang(true);
    byte[] body = method.equals("GET") ? new byte[0] : Client.body(pool, 100);
    try (KeepAlive connection = new KeepAlive(port)) {
      connection.timeout(PATIENCE_MS);
      List<String> length = method.equals("GET") ? List.of() : List.of("content-length: 100");
      connection.send(method, "/files/" + pool, "any", length, body);
      await("the picker to hold it")
          .atMost(OwnAnswers.SOON)
          .until(() -> envoy
              .admin("/stats?usedonly&filter=pointsman.picker.*upstream_rq_active")
              .contains(": 1"));
      picker.freeze();
      return connection.read(method).status();
    } finally {
      picker.thaw();
    }
  }

  private String bootstrap(Path folder) throws IOException {
    String ours = OwnAnswers.bootstrap(
        network,
        RECORDED,
        folder,
        network.pod("open", 11),
        network.pod("close", 11),
        network.picker("open-epp", 21),
        network.picker("close-epp", 21));
    assertThat(ours).contains("interval: 320s", "timeout: 20s");
    return ours.replace("interval: 320s", "interval: 1s").replace("timeout: 20s", "timeout: 1s");
  }

  private static int status(int port, String pool) {
    try (KeepAlive connection = new KeepAlive(port)) {
      return connection.post("any", Client.body(pool, 100)).status();
    } catch (IOException | UncheckedIOException e) {
      return 0; // it does not listen yet
    }
  }
}
