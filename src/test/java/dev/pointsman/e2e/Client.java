package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Http;
import dev.pointsman.rig.Rig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the gateway that knows OpenAI's API. */
public final class Client {
  static final int HTTP = 10080;
  static final int HTTPS = 10443;
  public static final String CHAT = "/v1/chat/completions";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Client() {}

  /** A chat request. */
  public static String body(String model) {
    return """
        {"model": "%s", "messages": [{"role": "user", "content": "who are you?"}]}""".formatted(model);
  }

  /** A chat request of exactly so many bytes, where the model comes last. */
  public static byte[] body(String model, int bytes) {
    String head = "{\"messages\":[{\"role\":\"user\",\"content\":\"";
    String tail = "\"}],\"model\":\"" + model + "\"}";
    String filler = "0123456789abcdef".repeat(bytes / 16 + 1);
    int missing = bytes - head.length() - tail.length();
    return (head + filler.substring(0, missing) + tail).getBytes(StandardCharsets.US_ASCII);
  }

  /** A request as JSON, whose answer reports what reached the pod. */
  public static HttpRequest.Builder json(URI uri) {
    return HttpRequest.newBuilder(uri)
        .timeout(LIMIT)
        .header("content-type", "application/json")
        .header("x-stub-report", "yes");
  }

  /** Asks a model something. */
  static Answer chat(Rig rig, String model) {
    return chat(rig, BodyPublishers.ofString(body(model)));
  }

  /** Posts a body to the chat API. */
  static Answer chat(Rig rig, HttpRequest.BodyPublisher body) {
    return send(json(rig.url(HTTP, CHAT)).POST(body));
  }

  static Answer send(HttpRequest.Builder request) {
    return new Answer(Http.send(request.build()));
  }

  /** An answer from the gateway. */
  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    /** The pod's name as the stand-in or llm-d's simulator says it, empty when no pod answered. */
    public String servedBy() {
      return response
          .headers()
          .firstValue("x-served-by")
          .or(() -> response.headers().firstValue("x-inference-pod"))
          .orElse("");
    }

    public JsonNode json() {
      return JsonMapper.shared().readTree(response.body());
    }

    /** The request as the pod received it. */
    public JsonNode report() {
      return json().path("stub");
    }

    /** A header as it reached the pod, empty when there was none. */
    public String reached(String header) {
      return report().path("headers").path(header).asString("");
    }

    /** OpenAI's code of an error. */
    public String error() {
      return json().path("error").path("code").asString("");
    }

    @Override
    public String toString() {
      return status() + " from \"" + servedBy() + "\": " + response.body();
    }
  }

  /** Reads an answer, byte by byte, until it ends with a text; fails where the answer ends before. */
  static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int next = in.read();
      assertThat(next).as("the answer ended after: " + read).isNotNegative();
      read.append((char) next);
    }
    return read.toString();
  }
}
