package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway's own responses on the paths of models, as OpenAI's clients read them. */
@Tag("envoy")
class OwnAnswersEnvoyTest {
  private static final Path MODELS = Path.of("testdata", "translate", "model-routes-two-pools");
  private static final Path PATHS =
      Path.of("testdata", "translate", "model-routes-beside-other-paths");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CHAT = "/v1/chat/completions";
  private static final String JSON = "content-type: application/json";

  static Stream<String> versions() {
    return RealEnvoy.VERSIONS.stream();
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
  void aPoolThatCannotServeIsSaid(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    Authority.Issued certificate = Authority.selfSigned(folder.resolve("certificate"));
    try (ScriptedPicker picker = new ScriptedPicker(
            network.at(21, 9002), certificate, () -> network.at(11, 8000).toString());
        RealEnvoy envoy = RealEnvoy.start(
            version, bootstrap(network, MODELS, folder, network.picker("qwen-ext-proc", 21)))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      String question = "{\"model\":\"qwen\"}";
      await("the picker to be asked")
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class) // the listener starts last
          .untilAsserted(() -> assertError(post(port, question, JSON), 503, "no_endpoints", ""));
      byte[] large = Client.body("qwen", 5_000_000);
      assertError(send(port, "POST", CHAT, large, JSON), 503, "no_endpoints", "");
      picker.close();
      await("the picker to be missed")
          .atMost(SOON)
          .untilAsserted(() ->
              assertError(post(port, question, JSON), 503, "endpoint_picker_unavailable", ""));
      assertError(send(port, "POST", CHAT, large, JSON), 503, "endpoint_picker_unavailable", "");
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

  private static void assertTooLarge(Answer answer, String limit) {
    assertThat(answer.headers()).containsEntry("content-type", "application/json");
    assertThat(assertError(answer.status(), answer.body(), 413, "request_too_large", ""))
        .contains(limit);
  }

  private static HttpResponse<String> post(int port, String body, String... headers) {
    return send(port, "POST", CHAT, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  private static HttpResponse<String> send(
      int port, String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + path))
        .timeout(SOON)
        .method(
            method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (String header : headers) {
      String[] parts = header.split(": ", 2);
      request.header(parts[0], parts[1]);
    }
    return Http.send(request.build());
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void assertError(
      HttpResponse<String> answer, int status, String code, String param) {
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .as(answer + answer.body())
        .startsWith("application/json");
    assertError(answer.statusCode(), answer.body(), status, code, param);
  }

  /** Returns the message. */
  private static String assertError(
      int actual, String body, int status, String code, String param) {
    assertThat(actual).as(body).isEqualTo(status);
    JsonNode error = JsonMapper.shared().readTree(body).path("error");
    assertThat(tuple(error.path("code").asString(), error.path("param").asString("")))
        .as(body)
        .isEqualTo(tuple(code, param));
    assertThat(error.path("type").asString())
        .isEqualTo(status < 500 ? "invalid_request_error" : "server_error");
    assertThat(error.path("message").asString()).isNotBlank();
    return error.path("message").asString();
  }

  private static void assertEmpty404(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.body()).isEmpty();
  }

  private static String bootstrap(Network network, Path recorded, Path folder, String... objects)
      throws IOException {
    Path resources = Files.createDirectory(folder.resolve("resources"));
    Files.writeString(
        resources.resolve("all.yaml"),
        Files.readString(recorded.resolve("objects.yaml")) + "\n---\n"
            + String.join("\n---\n", objects));
    return network.bootstrap(recorded, resources);
  }
}
