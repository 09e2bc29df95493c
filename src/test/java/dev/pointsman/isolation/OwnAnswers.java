package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pointsman.rig.Http;
import dev.pointsman.rig.KeepAlive.Answer;
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
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to a gateway, and the assertion that it responds in OpenAI's error format. */
final class OwnAnswers {
  static final Path MODELS = Path.of("testdata", "translate", "model-routes-two-pools");
  static final Duration SOON = Duration.ofSeconds(60);
  static final String CHAT = "/v1/chat/completions";
  static final String JSON = "content-type: application/json";

  private OwnAnswers() {}

  static void assertTooLarge(Answer answer, String limit) {
    assertThat(answer.headers()).containsEntry("content-type", "application/json");
    assertThat(assertError(answer.status(), answer.body(), 413, "request_too_large", ""))
        .contains(limit);
  }

  static HttpResponse<String> post(int port, String body, String... headers) {
    return send(port, "POST", CHAT, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  static HttpResponse<String> send(
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

  static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  static void assertError(HttpResponse<String> answer, int status, String code, String param) {
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .as(answer + answer.body())
        .startsWith("application/json");
    assertError(answer.statusCode(), answer.body(), status, code, param);
  }

  /** Returns the message. */
  static String assertError(int actual, String body, int status, String code, String param) {
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

  static void assertEmpty404(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(answer.body()).isEmpty();
  }

  /** The bootstrap of a recorded translation with its objects and others, as YAML. */
  static String bootstrap(Network network, Path recorded, Path folder, String... objects)
      throws IOException {
    Path resources = Files.createDirectories(folder.resolve("resources"));
    Files.writeString(
        resources.resolve("all.yaml"),
        Files.readString(recorded.resolve("objects.yaml")) + "\n---\n"
            + String.join("\n---\n", objects));
    return network.bootstrap(recorded, resources);
  }
}
