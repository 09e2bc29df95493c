package dev.pointsman.isolation;

import static dev.pointsman.isolation.LoggedGateway.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.io.IOException;
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

/** The access log of the chart's preset names the pool, the pick and the pod of each request. */
@Tag("envoy")
class AccessLogEnvoyTest {
  private static final Path MODELS =
      Path.of("testdata", "translate", "policy-models-split-and-aliases");
  private static final Path EJECTING =
      Path.of("testdata", "translate", "traffic-policy-circuit-breaker");
  private static final String RULE = "httproute/default/llm/rule/0";
  private static final int SMALL = 200;
  private static final int LARGE = 5_000_000;
  private static final int MOST_CANARIES = 150;
  private static final String ABSENT = "-";

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void eachRequestHasOneLineWithWhatHappened(String version, @TempDir Path folder)
      throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    String odd = "a\"b\\c%REQ(:PATH)%\ud83d\ude00";
    try (RawPod _ = pod(11);
        RawPod _ = pod(12);
        RawPod _ = pod(13);
        ScriptedPicker qwen = picker(21, certificate, address(11));
        ScriptedPicker llama = picker(22, certificate, address(12));
        ScriptedPicker next = picker(23, certificate, address(13));
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference/llm",
            network,
            MODELS,
            folder,
            network.openPool("llama"),
            network.openPool("llama-next"),
            network.pod("qwen", 11),
            network.pod("llama", 12),
            network.pod("llama-next", 13),
            network.picker("qwen-epp", 21),
            network.picker("llama-epp", 22),
            network.picker("llama-next-epp", 23))) {
      gateway.awaitStatus(200, "qwen");
      gateway.awaitPickers(1, "qwen", "llama", "llama-next");
      for (int bytes : List.of(SMALL, LARGE)) {
        gateway.send("ok", "qwen", bytes, 200);
        qwen.play(() -> address(99));
        gateway.send("gone", "qwen", bytes, 200);
        qwen.play(() -> address(11) + "," + address(99));
        gateway.send("list", "qwen", bytes, 200);
        qwen.play(refusal());
        gateway.send("refused", "qwen", bytes, 429);
        qwen.play(() -> address(11));
        int canaries = 0;
        while (!gateway.send("share-" + canaries++, "llama", bytes, 200).equals(address(13))) {
          assertThat(canaries).isLessThan(MOST_CANARIES);
        }
      }
      gateway.send("odd", odd, SMALL, 200);
      qwen.close();
      llama.close();
      next.close();
      gateway.awaitPickers(0, "qwen", "llama", "llama-next");
      for (int bytes : List.of(SMALL, LARGE)) {
        gateway.send("closed", "qwen", bytes, 503);
        gateway.send("open", "llama-8b", bytes, 200);
      }
      gateway.head("head");

      Map<String, JsonNode> lines = gateway.lines();
      for (int bytes : List.of(SMALL, LARGE)) {
        String path = bytes == LARGE ? "loop" : "direct";
        JsonNode ok = line(lines, path("ok", bytes));
        assertLine(ok, "ok", address(11), address(11), "no");
        assertThat(texts(ok, "method", "model", "http_route_namespace", "http_route", "details"))
            .containsExactly("POST", "qwen", "default", "llm", "via_upstream");
        assertThat(texts(ok, "pool", "cluster", "body_path", "base_model"))
            .containsExactly("default/qwen", RULE, path, ABSENT);
        assertThat(ok.path("route").asString()).contains(RULE);
        assertThat(texts(ok, "backend")).containsExactly(bytes == LARGE ? ABSENT : "qwen");
        assertThat(ok.path("status").asInt()).isEqualTo(200);
        assertThat(ok.path("bytes_received").asInt()).isGreaterThanOrEqualTo(bytes);
        assertThat(ok.path("time_to_first_byte").isNumber()).isTrue();
        assertThat(ok.path("duration").asInt())
            .isGreaterThanOrEqualTo(ok.path("time_to_first_byte").asInt());
        assertThat(ok.path("request_id").asString()).isNotBlank();
        assertLine(line(lines, path("gone", bytes)), "ok", address(99), address(11), "yes");
        String list = address(11) + "," + address(99);
        assertLine(line(lines, path("list", bytes)), "ok", list, address(11), "no");
        JsonNode refused = line(lines, path("refused", bytes));
        assertLine(refused, "refused", ABSENT, ABSENT, ABSENT);
        assertThat(texts(refused, "pool", "body_path")).containsExactly("default/qwen", path);
        JsonNode closed = line(lines, path("closed", bytes));
        assertLine(closed, "failed", ABSENT, ABSENT, ABSENT);
        assertThat(closed.path("details").asString()).startsWith("ext_proc_error");
        assertThat(texts(closed, "pool", "body_path")).containsExactly("default/qwen", path);
        JsonNode open = line(lines, path("open", bytes));
        assertThat(texts(open, "picker", "picked", "overruled", "model", "body_path"))
            .containsExactly("failed_open", ABSENT, ABSENT, "llama-8b", path);
        assertShare(open);
        for (int i = 0; lines.containsKey(path("share-" + i, bytes)); i++) {
          JsonNode share = line(lines, path("share-" + i, bytes));
          assertThat(texts(share, "picker", "overruled", "body_path"))
              .containsExactly("ok", "no", path);
          assertShare(share);
        }
      }
      assertThat(lines.values().stream().map(line -> line.path("pool").asString("")))
          .contains("default/llama-next");
      assertThat(texts(line(lines, path("head", 0)), "method", "picker", "served"))
          .containsExactly("HEAD", "none", address(11));
      assertThat(texts(line(lines, path("odd", SMALL)), "model", "pool", "picker"))
          .containsExactly(odd, "default/qwen", "ok");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void anEjectedPickIsOverruled(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod failing = pod(11);
        RawPod _ = pod(14);
        ScriptedPicker qwen = picker(21, certificate, address(11));
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference-gateway/llm-gw",
            network,
            EJECTING,
            folder,
            network.pod("qwen", 11),
            network.pod("qwen", 14).replace("qwen-0", "qwen-1"),
            network.picker("qwen-ext-proc", 21))) {
      gateway.awaitStatus(200, "any");
      for (int bytes : List.of(SMALL, LARGE)) {
        gateway.send("kept", "any", bytes, 200);
      }
      failing.answer(_ -> response(500, address(11)));
      for (int i = 0; i < 5; i++) {
        gateway.send("failing-" + i, "any", SMALL, 500);
      }
      String list = address(11) + "," + address(14);
      qwen.play(() -> list);
      for (int bytes : List.of(SMALL, LARGE)) {
        gateway.send("ejected", "any", bytes, 200);
      }

      Map<String, JsonNode> lines = gateway.lines();
      for (int bytes : List.of(SMALL, LARGE)) {
        assertLine(line(lines, path("kept", bytes)), "ok", address(11), address(11), "no");
        JsonNode ejected = line(lines, path("ejected", bytes));
        assertLine(ejected, "ok", list, address(14), "yes");
        assertThat(texts(ejected, "body_path")).containsExactly(bytes == LARGE ? "loop" : "direct");
      }
    }
  }

  private static void assertLine(
      JsonNode line, String picker, String picked, String served, String overruled) {
    assertThat(texts(line, "picker", "picked", "served", "overruled"))
        .as(line.toPrettyString())
        .containsExactly(picker, picked, served, overruled);
  }

  /** The share, the pool and the pod belong together. */
  private void assertShare(JsonNode line) {
    boolean next = line.path("pool").asString("").equals("default/llama-next");
    assertThat(texts(line, "pool", "cluster", "served"))
        .as(line.toPrettyString())
        .containsExactly(
            next ? "default/llama-next" : "default/llama",
            RULE + "/model/0/backend/" + (next ? 1 : 0),
            address(next ? 13 : 12));
  }

  private static JsonNode line(Map<String, JsonNode> lines, String path) {
    return Objects.requireNonNull(lines.get(path), path);
  }

  private static List<String> texts(JsonNode line, String... fields) {
    return Stream.of(fields).map(field -> line.path(field).asString(ABSENT)).toList();
  }

  private static ScriptedPicker.Script refusal() {
    ProcessingResponse refusal = ProcessingResponse.newBuilder()
        .setImmediateResponse(ImmediateResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCode(StatusCode.TooManyRequests)))
        .build();
    return new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return "";
      }

      @Override
      public List<ProcessingResponse> insteadOfRequest() {
        return List.of(refusal);
      }
    };
  }

  private String address(int host) {
    return network.at(host, 8000).toString();
  }

  private RawPod pod(int host) throws IOException {
    return new RawPod(network.at(host, 8000), _ -> response(200, address(host)));
  }

  /** With headers that only the loop may set. */
  private static byte[] response(int status, String pod) {
    return ("HTTP/1.1 " + status + " x\r\nx-pointsman-loop-served: forged\r\n"
            + "x-pointsman-loop-base-model: forged\r\ncontent-length: " + pod.length() + "\r\n\r\n"
            + pod)
        .getBytes(StandardCharsets.UTF_8);
  }

  private ScriptedPicker picker(int host, Authority.Issued certificate, String endpoint)
      throws IOException {
    return new ScriptedPicker(network.at(host, 9002), certificate, () -> endpoint);
  }
}
