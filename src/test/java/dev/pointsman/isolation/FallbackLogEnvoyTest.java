package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.TestedEnvoys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The access log of the chart's preset names the stage that answered, with its pool, its pick and its pod. */
@Tag("envoy")
class FallbackLogEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-fallback");

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void stages(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod qwen = new RawPod(network.at(11, 8000), _ -> response(200));
        RawPod _ = new RawPod(network.at(13, 8000), _ -> response(200));
        ScriptedPicker _ =
            new ScriptedPicker(network.at(21, 9002), certificate, () -> address(11));
        ScriptedPicker _ =
            new ScriptedPicker(network.at(23, 9002), certificate, () -> address(13));
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference/llm",
            network,
            RECORDED,
            folder,
            network.pod("qwen", 11),
            network.pod("reserve", 13),
            network.picker("qwen-epp", 21),
            network.picker("reserve-epp", 23))) {
      gateway.awaitStatus(200, "qwen");
      gateway.awaitPickers(1, "qwen", "reserve");
      gateway.send("first", "qwen", 200, 200);
      qwen.answer(_ -> response(503));
      gateway.send("second", "qwen", 200, 200);
      gateway.send("second", "qwen", 5_000_000, 200);

      Map<String, JsonNode> lines = gateway.lines();
      assertThat(texts(lines, LoggedGateway.path("first", 200)))
          .containsExactly("default/qwen", "1", "ok", address(11), address(11), "no", "loop");
      for (int bytes : List.of(200, 5_000_000)) {
        assertThat(texts(lines, LoggedGateway.path("second", bytes)))
            .containsExactly("default/reserve", "2", "ok", address(13), address(13), "no", "loop");
      }
    }
  }

  private static List<String> texts(Map<String, JsonNode> lines, String path) {
    JsonNode line = Objects.requireNonNull(lines.get(path), path);
    return Stream.of("pool", "stage", "picker", "picked", "served", "overruled", "body_path")
        .map(field -> line.path(field).asString("-"))
        .toList();
  }

  private static byte[] response(int status) {
    return ("HTTP/1.1 " + status
            + " x\r\nx-pointsman-loop-pool: forged\r\ncontent-length: 2\r\n\r\nok")
        .getBytes(StandardCharsets.UTF_8);
  }

  private String address(int host) {
    return network.at(host, 8000).toString();
  }
}
