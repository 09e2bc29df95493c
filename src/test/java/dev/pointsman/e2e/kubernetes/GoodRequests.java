package dev.pointsman.e2e.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.kubernetes.RawHttpConnection.Reply;
import dev.pointsman.e2e.kubernetes.RawHttpConnection.Request;
import dev.pointsman.e2e.kubernetes.SteadyClients.Ask;
import dev.pointsman.e2e.kubernetes.SteadyClients.Expectation;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The requests of the tenant {@code good} of {@code testdata/isolation}, and the answers that they must have. */
final class GoodRequests {
  /** Basic auth of the only user. */
  private static final String ALICE =
      "Basic " + Base64.getEncoder().encodeToString("alice:bob".getBytes(US_ASCII));

  private static final String KEY = "secret-secret-secret-secret-secret";
  private static final int MB = 1_000_000;

  private GoodRequests() {}

  /** All kinds of requests, at rates that leave two cores time for something else. */
  static List<Ask> asks() {
    return List.of(
        ask("chat", 40, chat("chat.example.com", "chat", 300, false), served("good-chat", 300)),
        ask(
            "code, chunked",
            40,
            chat("chat.example.com", "code", 300, true),
            served("good-code", 300)),
        ask(
            "chat, 6 MB",
            600,
            chat("chat.example.com", "chat", 6 * MB, false),
            served("good-chat", 6 * MB)),
        ask(
            "code, 6 MB, chunked",
            600,
            chat("chat.example.com", "code", 6 * MB, true),
            served("good-code", 6 * MB)),
        ask(
            "secret, token",
            60,
            authorized(secret(300, true), "Bearer " + token()),
            served("good-secret", 300)),
        ask("secret, no token", 200, secret(300, false), status(401)),
        ask("basic, password", 60, authorized(basic(), ALICE), served("good-basic", 300)),
        ask("basic, no password", 200, basic(), status(401)),
        ask("upload", 100, upload(50_000), sameBody(50_000)),
        ask("upload, 30 MB", 6000, upload(30 * MB), sameBody(30 * MB)),
        ask("models", 200, get("chat.example.com", "/v1/models"), lists("chat", "code")));
  }

  private static Ask ask(String name, int pauseMs, Request request, Expectation expectation) {
    return new Ask(name, request, Duration.ofMillis(pauseMs), expectation);
  }

  /** A question to a model, whose answer reports what reached the pod. */
  static Request chat(String host, String model, int bytes, boolean isChunked) {
    Map<String, String> headers =
        new TreeMap<>(Map.of("content-type", "application/json", "x-stub-report", "yes"));
    return new Request("POST", host, Client.CHAT, headers, Client.body(model, bytes), isChunked);
  }

  /** A question to the model that needs a token, without one. */
  static Request secret(int bytes, boolean isChunked) {
    return chat("secret.example.com", "secret", bytes, isChunked);
  }

  private static Request basic() {
    return chat("basic.example.com", "basic", 300, false);
  }

  /** A GET. */
  static Request get(String host, String path) {
    return new Request("GET", host, path, Map.of(), new byte[0], false);
  }

  private static Request upload(int bytes) {
    return new Request(
        "POST",
        "files.example.com",
        "/upload",
        Map.of("content-type", "application/json"), // looks like one for a model
        filler(bytes),
        false);
  }

  private static byte[] filler(int bytes) {
    byte[] body = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      body[i] = (byte) ('a' + i % 23);
    }
    return body;
  }

  /** The same with credentials. */
  static Request authorized(Request request, String credentials) {
    return request.with("authorization", credentials);
  }

  /** A token that the Gateway's owner and the protected model accept. */
  static String token() {
    try {
      Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
      String content = base64.encodeToString("{\"alg\":\"HS256\",\"kid\":\"a\"}".getBytes(UTF_8))
          + "."
          + base64.encodeToString("{\"iss\":\"isolation\",\"sub\":\"alice\"}".getBytes(UTF_8));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY.getBytes(UTF_8), "HmacSHA256"));
      return content + "." + base64.encodeToString(mac.doFinal(content.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The pod of this name, and no other, has had this very request with its whole body. */
  static Expectation served(String pod, int bytes) {
    return (reply, tag) -> {
      if (reply.status() != 200 || !reply.header("x-served-by").equals(pod)) {
        return "not 200 of " + pod + ", but " + reply;
      }
      JsonNode report = json(reply).path("stub");
      return report.at("/headers/" + SteadyClients.TAG).asString("").equals(tag)
              && report.path("body_bytes").asInt(-1) == bytes
          ? ""
          : "the answer to another request than " + tag + " of " + bytes + " bytes: " + reply;
    };
  }

  private static Expectation status(int status) {
    return (reply, _) -> reply.status() == status ? "" : "not " + status + ", but " + reply;
  }

  private static Expectation sameBody(int bytes) {
    byte[] sent = filler(bytes);
    return (reply, _) -> reply.status() == 200
            && reply.header("x-served-by").equals("good-files")
            && Arrays.equals(reply.body(), sent)
        ? ""
        : "not what was uploaded, but " + reply.body().length + " bytes: " + reply;
  }

  private static Expectation lists(String... models) {
    return (reply, _) -> {
      List<String> listed = json(reply)
          .path("data")
          .valueStream()
          .map(model -> model.path("id").asString(""))
          .toList();
      return reply.status() == 200 && listed.containsAll(List.of(models))
          ? ""
          : "not a list with " + List.of(models) + ", but " + reply;
    };
  }

  private static JsonNode json(Reply reply) {
    try {
      return JsonMapper.shared().readTree(reply.body());
    } catch (JacksonException notJson) {
      return JsonMapper.shared().createObjectNode();
    }
  }
}
