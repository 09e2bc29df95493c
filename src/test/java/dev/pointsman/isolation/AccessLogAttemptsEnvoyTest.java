package dev.pointsman.isolation;

import static dev.pointsman.isolation.LoggedGateway.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The access log has one line for a streamed, a retried and a mirrored request, with the pod that responded. */
@Tag("envoy")
class AccessLogAttemptsEnvoyTest {
  private static final Path RETRIED =
      Path.of("testdata", "translate", "traffic-policy-circuit-breaker");
  private static final Path MIRRORED =
      Path.of("testdata", "translate", "policy-mirrors-several-and-service");
  private static final int SMALL = 200;
  private static final int LARGE = 5_000_000;
  private static final int MOST_UNMIRRORED = 60;
  private static final String STREAM = "data: {\"n\":1}\n\ndata: [DONE]\n\n";

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void retriedAndStreamedRequestsNameThePodThatResponded(String version, @TempDir Path folder)
      throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    AtomicInteger refused = new AtomicInteger();
    try (RawPod overloaded = pod(11);
        RawPod streaming = pod(14);
        ScriptedPicker _ = new ScriptedPicker(
            network.at(21, 9002), certificate, () -> address(11) + "," + address(14));
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference-gateway/llm-gw",
            network,
            RETRIED,
            folder,
            network.pod("qwen", 11),
            network.pod("qwen", 14).replace("qwen-0", "qwen-1"),
            network.picker("qwen-ext-proc", 21))) {
      gateway.awaitStatus(200, "any");
      overloaded.answer(_ -> {
        refused.incrementAndGet();
        return response("503 x", "content-length: 0\r\n\r\n");
      });
      streaming.answer(_ -> stream());
      for (int bytes : List.of(SMALL, LARGE)) {
        assertThat(gateway.send("retried", "any", bytes, 200)).isEqualTo(STREAM);
      }
      assertThat(refused).hasValue(2);

      Map<String, JsonNode> lines = gateway.lines();
      for (int bytes : List.of(SMALL, LARGE)) {
        JsonNode line = Objects.requireNonNull(lines.get(path("retried", bytes)));
        assertThat(line.path("served").asString()).isEqualTo(address(14));
        assertThat(line.path("overruled").asString()).isEqualTo("yes");
        assertThat(line.path("picked").asString()).isEqualTo(address(11) + "," + address(14));
        assertThat(line.path("status").asInt()).isEqualTo(200);
        assertThat(line.path("bytes_sent").asInt()).isEqualTo(STREAM.length());
        assertThat(line.path("time_to_first_byte").isNumber()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void mirroredCopiesHaveNoLines(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    AtomicInteger copies = new AtomicInteger();
    try (RawPod _ = pod(11);
        RawPod _ = pod(12);
        RawPod shadow = pod(13);
        ScriptedPicker _ = picker(21, certificate, address(11));
        ScriptedPicker _ = picker(22, certificate, address(12));
        ScriptedPicker _ = picker(23, certificate, address(13));
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference/llm",
            network,
            MIRRORED,
            folder,
            network.pod("qwen", 11),
            network.pod("deepseek", 12),
            network.openPool("shadow"),
            network.pod("shadow", 13),
            network.picker("qwen-epp", 21),
            network.picker("deepseek-epp", 22),
            network.picker("shadow-epp", 23))) {
      shadow.answer(_ -> {
        copies.incrementAndGet();
        return response("500 x", "content-length: 0\r\n\r\n");
      });
      gateway.awaitStatus(200, "qwen");
      gateway.awaitPickers(1, "qwen", "deepseek");
      for (int i = 0; copies.get() < 2; i++) { // half of the requests are mirrored
        assertThat(i).isLessThan(MOST_UNMIRRORED);
        gateway.send("mirrored-" + i, "qwen", SMALL, 200);
      }
      int before = copies.get();
      for (int i = 0; copies.get() == before; i++) {
        assertThat(i).isLessThan(MOST_UNMIRRORED);
        gateway.send("mirrored-" + i, "qwen", LARGE, 200);
      }

      Map<String, JsonNode> lines = gateway.lines(); // one for each request that a client sent
      assertThat(lines.values())
          .filteredOn(line -> line.path("path").asString().startsWith("/v1/mirrored"))
          .allSatisfy(line -> {
            String pool = line.path("pool").asString();
            assertThat(pool).isIn("default/qwen", "default/deepseek");
            assertThat(line.path("served").asString())
                .isEqualTo(address(pool.equals("default/qwen") ? 11 : 12));
          });
    }
  }

  private String address(int host) {
    return network.at(host, 8000).toString();
  }

  private RawPod pod(int host) throws IOException {
    return new RawPod(network.at(host, 8000), _ -> response("200 x", "content-length: 0\r\n\r\n"));
  }

  private ScriptedPicker picker(int host, Authority.Issued certificate, String endpoint)
      throws IOException {
    return new ScriptedPicker(network.at(host, 9002), certificate, () -> endpoint);
  }

  private static byte[] stream() {
    StringBuilder chunks = new StringBuilder();
    for (String event : STREAM.split("(?<=\n\n)")) {
      chunks
          .append(Integer.toHexString(event.length()))
          .append("\r\n")
          .append(event)
          .append("\r\n");
    }
    return response(
        "200 x",
        "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" + chunks
            + "0\r\n\r\n");
  }

  private static byte[] response(String status, String rest) {
    return ("HTTP/1.1 " + status + "\r\n" + rest).getBytes(StandardCharsets.UTF_8);
  }
}
