package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A body above a rule's {@code requestBuffer}: its 413 has the rule's response headers and passes its CORS. */
@Tag("envoy")
class RefusedBodiesEnvoyTest {
  private static final Path BUFFERED =
      Path.of("testdata", "translate", "traffic-policy-request-buffer");
  private static final String ORIGIN = "https://app.example.com";

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void pagesOfPermittedOriginsReadThe413(String version, @TempDir Path folder) throws Exception {
    try (RealEnvoy envoy =
        RealEnvoy.start(version, OwnAnswers.bootstrap(new Network(), BUFFERED, folder))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      for (int bytes : new int[] {100_001, 1 << 20, 5_000_000}) {
        HttpResponse<String> refused = OwnAnswers.send(
            port, "POST", "/team/qwen", Client.body("qwen", bytes), JSON, "origin: " + ORIGIN);
        assertThat(refused.headers().allValues("access-control-allow-origin"))
            .as(refused.toString())
            .containsExactly(ORIGIN);
        assertThat(refused.headers().allValues("x-set")).containsExactly("by-route");
        OwnAnswers.assertError(refused, 413, "request_too_large", "");
        assertThat(refused.body()).contains("at most 100000 bytes");
      }
    }
  }
}
