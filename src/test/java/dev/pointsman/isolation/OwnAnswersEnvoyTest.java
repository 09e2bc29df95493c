package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.CHAT;
import static dev.pointsman.isolation.OwnAnswers.JSON;
import static dev.pointsman.isolation.OwnAnswers.MODELS;
import static dev.pointsman.isolation.OwnAnswers.assertEmpty404;
import static dev.pointsman.isolation.OwnAnswers.assertError;
import static dev.pointsman.isolation.OwnAnswers.assertTooLarge;
import static dev.pointsman.isolation.OwnAnswers.bootstrap;
import static dev.pointsman.isolation.OwnAnswers.gzip;
import static dev.pointsman.isolation.OwnAnswers.post;
import static dev.pointsman.isolation.OwnAnswers.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gateway's own responses on the paths of models, as OpenAI's clients read them. */
@Tag("envoy")
class OwnAnswersEnvoyTest {
  private static final Path PATHS =
      Path.of("testdata", "translate", "model-routes-beside-other-paths");

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aRequestWithoutAModelIsToldWhatIsWrong(String version, @TempDir Path folder)
      throws Exception {
    Network network = new Network();
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap(network, MODELS, folder))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      for (String body : List.of(
          "{}", "{\"model\":null}", "{\"model\":{\"a\":1}}", "{\"model\":\"\"}", "[1]", "")) {
        assertError(post(port, body, JSON), 400, "missing_required_parameter", "model");
      }
      assertError(post(port, "{\"model\":", JSON), 400, "invalid_json", "");
      assertError(post(port, "{\"model\":\"qwen\"", JSON), 400, "invalid_json", "");
      for (String type : List.of(
          "content-type: text/plain",
          "content-type: multipart/form-data; boundary=x",
          "content-type: application/jsonl",
          "accept: */*")) {
        assertError(
            post(port, "{\"model\":\"qwen\"}", type),
            415,
            "unsupported_content_type",
            "content-type");
      }
      assertError(
          send(port, "POST", CHAT, gzip("{\"model\":\"qwen\"}"), JSON, "content-encoding: gzip"),
          415,
          "unsupported_content_encoding",
          "content-encoding");
      assertError(
          post(port, "{}", JSON, "content-encoding: IDENTITY"),
          400,
          "missing_required_parameter",
          "model");
      assertError(
          post(port, "{}", "content-type: Application/JSON ; charset=utf-8"),
          400,
          "missing_required_parameter",
          "model");
      assertError(post(port, "{\"model\":\"other\"}", JSON), 404, "model_not_found", "model");
      assertEmpty404(send(port, "GET", CHAT, new byte[0]));
      assertEmpty404(send(port, "DELETE", CHAT, new byte[0], JSON));
      HttpResponse<String> grpc = post(port, "{}", "content-type: application/grpc");
      assertThat(grpc.headers().firstValue("grpc-message").orElse("")).doesNotContain("error");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aBodyAboveTheLimitIsToldTheLimit(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    String limit = Integer.toString(20 << 20);
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap(network, MODELS, folder))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      byte[] large = Client.body("qwen", (20 << 20) + 100_000);
      try (KeepAlive client = new KeepAlive(port)) {
        assertTooLarge(client.post("any", large), limit);
      }
      try (KeepAlive client = new KeepAlive(port)) {
        assertTooLarge(client.postChunked("any", large), limit);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void pathsOfOthersKeepTheirAnswers(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap(network, PATHS, folder))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
      assertEmpty404(send(port, "POST", "/elsewhere", empty, JSON));
      assertEmpty404(send(port, "POST", "/v10", empty, JSON));
      assertEmpty404(send(port, "POST", "/elsewhere", Client.body("qwen", 200), JSON));
      assertError(
          send(port, "POST", "/v1/any", empty, JSON), 400, "missing_required_parameter", "model");
      assertError(
          send(port, "POST", "/v1/any", Client.body("other", 200), JSON),
          404,
          "model_not_found",
          "model");
    }
  }
}
