package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.JSON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.TestedEnvoys;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The causes for which a request goes to the next stage, one by one. */
@Tag("envoy")
class FallbackCausesEnvoyTest {
  private static final int CAPACITY = 10;
  private static final int REQUESTS = 100;

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  /** A picker that takes so many requests at a time and refuses the others with 429. */
  @ParameterizedTest
  @MethodSource("versions")
  void thePickersOverflow(String version, @TempDir Path folder) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      gateway.qwen.refuseAbove(CAPACITY);
      gateway.qwen.answer(request -> {
        hold(end);
        return StagesGateway.response(200, StagesGateway.described("qwen", request));
      });
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<String>> answers = submit(clients, REQUESTS, () -> ask(gateway.port, "qwen"));
        Awaitility.await("the overflow")
            .atMost(OwnAnswers.SOON)
            .until(() -> gateway.reserve.arrivals.get() == REQUESTS - CAPACITY);
        assertThat(gateway.qwen.arrivals).hasValue(CAPACITY);
        end.countDown();
        assertThat(count(answers))
            .isEqualTo(Map.of("qwen", (long) CAPACITY, "reserve", (long) REQUESTS - CAPACITY));
      }
      assertThat(gateway.qwen.arrivals).hasValue(CAPACITY);
      assertThat(gateway.reserve.picks).hasValue(REQUESTS - CAPACITY);
    }
  }

  /** From the first request on, before a health check has noticed. */
  @ParameterizedTest
  @MethodSource("versions")
  void aDeadPickerThatFailsClosed(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      gateway.qwen.picker.close();
      assertServedBy(gateway, "qwen", Map.of("reserve", (long) REQUESTS));
      assertThat(gateway.qwen.arrivals).hasValue(0);
    }
  }

  /** The canary's other pool is empty and its picker is missing: only its share falls back. */
  @ParameterizedTest
  @MethodSource("versions")
  void eachShareOfACanary(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      Map<String, Long> served = served(gateway, "split");
      assertThat(served.keySet()).containsExactlyInAnyOrder("qwen", "reserve");
      assertThat(served.get("qwen")).isBetween(20L, 80L);
      assertThat((long) gateway.reserve.arrivals.get()).isEqualTo(served.get("reserve"));
      gateway.qwen.stop();
      assertServedBy(gateway, "split", Map.of("reserve", (long) REQUESTS));
    }
  }

  /** A stream whose first bytes were sent ends with its pod, and no other pool is asked. */
  @ParameterizedTest
  @MethodSource("versions")
  void notAStreamThatHasBegun(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      gateway.qwen.answer(_ -> "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbegun\r\n"
          .getBytes(ISO_8859_1));
      List<KeepAlive> clients = new ArrayList<>();
      for (int i = 0; i < CAPACITY; i++) {
        KeepAlive client = new KeepAlive(gateway.port);
        byte[] body = Client.body("qwen", 200);
        client.send("POST", "any", List.of("content-length: " + body.length), body);
        clients.add(client);
      }
      Awaitility.await("the streams")
          .atMost(OwnAnswers.SOON)
          .until(() -> gateway.qwen.arrivals.get() == CAPACITY);
      gateway.qwen.stop();
      for (KeepAlive client : clients) {
        client.close();
      }
      assertThat(gateway.reserve.picks).hasValue(0);
    }
  }

  /** Only the first stage: the upgraded connection has no request that could be sent again. */
  @ParameterizedTest
  @MethodSource("versions")
  void notAWebsocket(String version, @TempDir Path folder) throws Exception {
    try (StagesGateway gateway = new StagesGateway(version, folder)) {
      List<String> upgrade = List.of("connection: upgrade", "upgrade: websocket");
      gateway.qwen.answer(_ -> "HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
          .getBytes(ISO_8859_1));
      assertThat(upgraded(gateway, upgrade)).isEqualTo(101);
      gateway.qwen.fail(503);
      assertThat(upgraded(gateway, upgrade)).isEqualTo(503);
      assertThat(gateway.reserve.arrivals).hasValue(0);
    }
  }

  private static int upgraded(StagesGateway gateway, List<String> headers) throws Exception {
    try (KeepAlive client = new KeepAlive(gateway.port)) {
      client.send("GET", "/plain", "any", headers, new byte[0]);
      return client.read("GET").status();
    }
  }

  private static void assertServedBy(
      StagesGateway gateway, String model, Map<String, Long> expected) throws Exception {
    gateway.reserve.forget();
    assertThat(served(gateway, model)).isEqualTo(expected);
    assertThat(gateway.reserve.picks).hasValue(REQUESTS);
  }

  private static Map<String, Long> served(StagesGateway gateway, String model) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
      return count(submit(clients, REQUESTS, () -> ask(gateway.port, model)));
    }
  }

  private static Map<String, Long> count(List<Future<String>> answers) throws Exception {
    Map<String, Long> counts = new ConcurrentHashMap<>();
    for (Future<String> answer : answers) {
      counts.merge(answer.get(), 1L, Long::sum);
    }
    return counts;
  }

  private static <T> List<Future<T>> submit(
      ExecutorService clients, int times, Callable<T> request) {
    return Stream.generate(() -> clients.submit(request)).limit(times).collect(Collectors.toList());
  }

  /** The pool that answered; the status if none did. */
  private static String ask(int port, String model) {
    HttpResponse<String> answer = OwnAnswers.post(port, Client.body(model), JSON);
    return answer.statusCode() == 200
        ? answer.body().substring(0, answer.body().indexOf('|'))
        : answer.statusCode() + answer.body();
  }

  private static void hold(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
