package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A namespace above its share of a Gateway has no copies for large bodies: a picker gets such a body as one message, which
 * gRPC servers refuse. All other requests are served.
 */
@Tag("envoy")
class BoundedCopiesEnvoyTest {
  private static final Path RECORDED =
      Path.of("testdata", "translate", "model-routes-two-pools-standalone");
  private static final int LARGE = 5_000_000;

  static Stream<String> versions() {
    return Stream.of(RealEnvoy.VERSIONS.getFirst(), RealEnvoy.VERSIONS.getLast());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void largeBodiesFailAndOthersAreServed(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ =
            new RawPod(network.at(11, 8000), request -> TwoTenantsEnvoy.ok("any", request));
        ScriptedPicker _ = new ScriptedPicker(
            network.at(21, 9002), certificate, () -> network.at(11, 8000).toString());
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap(network, folder))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      await("the pool to answer").atMost(Duration.ofSeconds(60)).until(() -> isServed(port));
      try (KeepAlive client = new KeepAlive(port)) {
        assertFailed(client.post("any", Client.body("qwen", LARGE)));
      }
      try (KeepAlive client = new KeepAlive(port)) {
        assertFailed(client.postChunked("any", Client.body("qwen", LARGE)));
      }
      try (KeepAlive client = new KeepAlive(port)) {
        assertThat(client.postChunked("any", Client.body("qwen", 3_000_000)).servedBy())
            .isEqualTo("any");
      }
    }
  }

  private static void assertFailed(Answer answer) {
    assertThat(answer.status()).isBetween(500, 504);
  }

  private static boolean isServed(int port) {
    try (KeepAlive client = new KeepAlive(port)) {
      return client.post("any", Client.body("qwen", 200)).servedBy().equals("any");
    } catch (IOException | UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }

  private static String bootstrap(Network network, Path folder) throws IOException {
    Path resources = Files.createDirectory(folder.resolve("resources"));
    Files.writeString(
        resources.resolve("all.yaml"),
        String.join(
            "\n---\n",
            Files.readString(Path.of("testdata", "demo", "gateway", "inference-pool.yaml")),
            network.pod("qwen", 11),
            network.picker("qwen-ext-proc", 21)));
    return network.bootstrap(RECORDED, resources, "--max-message-size", "8Ki");
  }
}
