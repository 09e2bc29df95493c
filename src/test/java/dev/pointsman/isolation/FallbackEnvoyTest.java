package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that a pool cannot serve go to the next one before the first byte of a response, with the next one's picker. */
@Tag("envoy")
class FallbackEnvoyTest {
  /** {@code -Dfallback.requests=5000} sends more. */
  private static final int MANY = Integer.getInteger("fallback.requests", 200);

  private static final String NEW_MODEL = "reserve/7b \"x\"";

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void nextPool(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      int port = gateway.port;
      assertThat(ask(port, "qwen").body()).startsWith("qwen|qwen|");

      // Its pod refuses connections.
      gateway.qwen.stop();
      assertMany(gateway);
      gateway.qwen.start();
      // Its picker refuses requests, as it does for an empty or an overloaded pool.
      for (StatusCode refusal :
          List.of(StatusCode.TooManyRequests, StatusCode.ServiceUnavailable)) {
        gateway.qwen.refuse(refusal);
        assertMany(gateway);
      }
      gateway.qwen.refuse(null);
      // Its model server answers that it is overloaded.
      gateway.qwen.fail(429);
      assertMany(gateway);
      gateway.qwen.fail(503);
      assertMany(gateway);
      // Other errors are the client's.
      gateway.qwen.fail(500);
      gateway.reserve.forget();
      assertThat(ask(port, "qwen").statusCode()).isEqualTo(500);
      assertThat(gateway.reserve.picks).hasValue(0);

      // Two stages in a row: the Service gets the client's model again.
      gateway.qwen.fail(503);
      gateway.reserve.refuse(StatusCode.TooManyRequests);
      assertThat(ask(port, "qwen").body()).startsWith("outside|qwen|");
      // The last response is the client's.
      gateway.outside.answer(_ -> StagesGateway.response(429, "full"));
      HttpResponse<String> last = ask(port, "qwen");
      assertThat(last.statusCode()).isEqualTo(429);
      assertThat(last.body()).isEqualTo("full");
      assertThat(last.headers().map().keySet()).noneMatch(name -> name.contains("pointsman"));
    }
  }

  /** All succeed at the second pool, and each pool's picker is asked once for each. */
  private static void assertMany(StagesGateway gateway) throws Exception {
    gateway.qwen.forget();
    gateway.reserve.forget();
    for (HttpResponse<String> answer : crowd(gateway.port, "qwen", MANY)) {
      assertThat(answer.body()).startsWith("reserve|" + NEW_MODEL + "|");
    }
    assertThat(gateway.qwen.picks).hasValue(MANY);
    assertThat(gateway.reserve.picks).hasValue(MANY);
    assertThat(gateway.reserve.arrivals).hasValue(MANY);
    assertThat(gateway.qwen.arrivals.get()).isIn(0, MANY);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void bodiesOfAllSizes(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      gateway.qwen.fail(503);
      for (int bytes : List.of(200, 100_000, 3_000_000, 5_000_000, 20 << 20)) {
        byte[] body = Client.body("qwen", bytes);
        int rewritten = bytes + NEW_MODEL.length() + 2 - "qwen".length(); // two quotes are escaped
        try (KeepAlive client = new KeepAlive(gateway.port)) {
          client.timeout(30_000);
          gateway.reserve.serve();
          String second = "reserve|" + NEW_MODEL + "|" + rewritten + "|";
          assertThat(client.post("any", body).body()).startsWith(second);
          assertThat(client.postChunked("any", body).body()).startsWith(second);
          gateway.reserve.fail(503);
          String third = "outside|qwen|" + bytes + "|";
          assertThat(client.post("any", body).body()).isEqualTo(third + bytes + "|");
          assertThat(client.postChunked("any", body).body()).startsWith(third);
        }
      }
    }
  }

  /** The stage's model replaces the only one at the top, and nothing else. */
  @ParameterizedTest
  @MethodSource("versions")
  void modelsInBodies(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      gateway.qwen.fail(503);
      gateway.reserve.answer(request -> StagesGateway.response(200, request.body()));
      String quoted = "\"reserve/7b \\\"x\\\"\"";
      assertRewritten(
          gateway, " { \"a\":[{\"model\":1}], \"mod\\u0065l\" : %s ,\"b\":\"}\\\"\" }\n", quoted);
      assertRewritten(gateway, "{\"model\":%s,\"c\":\"\\\\\",\"d\":{\"model\":\"x\"}}", quoted);
      for (String twice : List.of(
          "{\"model\":\"qwen\",\"model\":\"qwen\"}",
          "{\"m\\u006fdel\":\"qwen\",\"a\":1,\"model\":\"qwen\"}")) {
        HttpResponse<String> refused = OwnAnswers.post(gateway.port, twice, JSON);
        OwnAnswers.assertError(refused, 400, "missing_required_parameter", "model");
      }
    }
  }

  private static void assertRewritten(StagesGateway gateway, String body, String quoted) {
    HttpResponse<String> answer = OwnAnswers.post(gateway.port, body.formatted("\"qwen\""), JSON);
    assertThat(answer.body()).isEqualTo(body.formatted(quoted));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void reasonsRetriesAndLimits(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      int port = gateway.port;
      // A model that falls back only when its pool is overloaded.
      gateway.small.fail(503);
      assertThat(ask(port, "small").statusCode()).isEqualTo(503);
      gateway.small.fail(429);
      assertThat(ask(port, "small").body()).startsWith("reserve|small|");

      // The retries of a BackendTrafficPolicy come first, within the pool.
      gateway.qwen.fail(503);
      gateway.qwen.forget();
      gateway.reserve.forget();
      assertThat(ask(port, "limited").body()).startsWith("reserve|limited|");
      assertThat(gateway.qwen.arrivals).hasValue(3);
      assertThat(gateway.qwen.picks).hasValue(1);
      assertThat(gateway.reserve.arrivals).hasValue(1);

      // A full pool overflows into the next.
      assertOverflow(gateway);

      // A response that has begun is not moved.
      gateway.qwen.answer(_ -> "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun"
          .getBytes(StandardCharsets.ISO_8859_1));
      gateway.reserve.forget();
      try (KeepAlive client = new KeepAlive(port)) {
        client.timeout(1_000);
        assertThat(catchMessage(() -> client.post("any", Client.body("qwen", 200))))
            .isNotEmpty();
      }
      assertThat(gateway.reserve.picks).hasValue(0);
    }
  }

  private static void assertOverflow(StagesGateway gateway) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    gateway.qwen.answer(request -> {
      hold(end);
      return StagesGateway.response(200, StagesGateway.described("qwen", request));
    });
    gateway.qwen.forget();
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<HttpResponse<String>>> held = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        held.add(clients.submit(() -> ask(gateway.port, "limited")));
      }
      await("the pool to be full")
          .atMost(Duration.ofSeconds(10))
          .until(() -> gateway.qwen.arrivals.get() == 2);
      for (int i = 0; i < 20; i++) {
        assertThat(ask(gateway.port, "limited").body()).startsWith("reserve|limited|");
      }
      end.countDown();
      for (Future<HttpResponse<String>> one : held) {
        assertThat(one.get().body()).startsWith("qwen|limited|");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void requestsWithoutAModel(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      gateway.qwen.fail(503);
      byte[] text = "\"any text\"".getBytes(StandardCharsets.UTF_8);
      for (String type : List.of("content-type: text/plain", JSON)) {
        assertThat(OwnAnswers.send(gateway.port, "POST", "/plain", text, type).body())
            .startsWith("reserve||" + text.length + "|");
      }
      assertThat(OwnAnswers.send(gateway.port, "GET", "/plain", new byte[0]).body())
          .startsWith("reserve||0|");
    }
  }

  private static HttpResponse<String> ask(int port, String model) {
    return OwnAnswers.post(port, Client.body(model), JSON);
  }

  private static List<HttpResponse<String>> crowd(int port, String model, int requests)
      throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<HttpResponse<String>>> asked = Stream.generate(
              () -> clients.submit(() -> ask(port, model)))
          .limit(requests)
          .toList();
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (Future<HttpResponse<String>> one : asked) {
        answers.add(one.get());
      }
      return answers;
    }
  }

  private static String catchMessage(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return String.valueOf(org.assertj.core.api.Assertions.catchThrowable(call));
  }

  private static void hold(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
