package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.SourceState;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of the admin port that send half requests or read no answer: the kubelet's probes are answered beside them. */
class AdminLimitsTest {
  private static final int METRICS = 16 << 20;

  private final List<Socket> clients = new ArrayList<>();
  private volatile Supplier<String> metrics = () -> "m".repeat(METRICS);
  private AdminServer server;

  @BeforeEach
  void start() {
    Readiness readiness = new Readiness(List.of());
    server = AdminServer.start(
        new HostPort("127.0.0.1", 0),
        new AdminServer.Pages(
            new Liveness(readiness, new CallsUnderWay()),
            () -> readiness.report(SourceState.CONNECTED, Optional.empty()),
            () -> metrics.get(),
            new Page(() -> new ClusterObjects().snapshot(), _ -> false)
                .routes(
                    Set.of(),
                    Optional.empty(),
                    List::of,
                    () -> readiness.report(SourceState.CONNECTED, Optional.empty()))));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    server.close();
  }

  private Socket connect() throws IOException {
    clients.add(new Socket("127.0.0.1", server.port()));
    return clients.getLast();
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private String request(String path) throws IOException {
    try (Socket probe = new Socket("127.0.0.1", server.port())) {
      send(probe, "GET " + path + " HTTP/1.1\r\nhost: pod\r\nconnection: close\r\n\r\n");
      return new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Whether the server has closed the connection of a client that awaits nothing. */
  private static boolean isClosed(Socket client) {
    try {
      client.setSoTimeout(1);
      return client.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void halfRequestsTakeNoRoomFromProbes() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      send(connect(), "GET /healthz HTTP/1.1\r\nx-a: " + "a".repeat(10_000));
    }
    assertThat(request("/healthz")).contains(" 200 ");
    await("the oldest half requests end")
        .atMost(Duration.ofSeconds(60))
        .until(() -> clients.subList(0, 700).stream().allMatch(AdminLimitsTest::isClosed));
  }

  @Test
  void aHeaderWithoutAnEndIsRefused() throws Exception {
    Socket client = connect();
    try {
      for (int i = 0; i < 100; i++) {
        send(client, i == 0 ? "GET /healthz HTTP/1.1\r\nx-a: " : "a".repeat(10_000));
      }
    } catch (IOException closed) {
      // the server need not read to the end
    }
    await("the connection ends").atMost(Duration.ofSeconds(60)).until(() -> isClosed(client));
  }

  @Test
  void answersThatNobodyReadsTakeNoRoomFromProbes() throws Exception {
    for (int i = 0; i < 40; i++) {
      send(connect(), "GET /metrics HTTP/1.1\r\nhost: pod\r\nconnection: close\r\n\r\n");
      assertThat(clients.getLast().getInputStream().read()).as("a first byte").isEqualTo('H');
    }
    assertThat(request("/healthz")).contains(" 200 ");
    assertThat(read(clients.getFirst())).as("bytes of the oldest answer").isLessThan(METRICS);
    assertThat(request("/metrics"))
        .as("the metrics for one that reads")
        .hasSizeGreaterThan(METRICS);
  }

  private static long read(Socket client) {
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = 0; n >= 0; n = client.getInputStream().read(buffer)) {
        bytes += n;
      }
    } catch (IOException reset) {
      // an end, too
    }
    return bytes;
  }

  /** The JDK's server counts a connection for ever whose client has gone before the end of the answer. */
  @Test
  void clientsThatGoBeforeTheAnswerTakeNoRoomFromLaterOnes() throws Exception {
    Semaphore asked = new Semaphore(0);
    Semaphore gone = new Semaphore(0);
    metrics = () -> {
      asked.release();
      gone.acquireUninterruptibly();
      return "m";
    };
    for (int i = 0; i < 4_500; i++) {
      try (Socket client = new Socket("127.0.0.1", server.port())) {
        send(client, "GET /metrics HTTP/1.1\r\nhost: pod\r\n\r\n");
        assertThat(asked.tryAcquire(60, TimeUnit.SECONDS))
            .as("client %s arrives", i)
            .isTrue();
        client.setSoLinger(true, 0);
      }
      gone.release();
    }
    assertThat(request("/healthz")).contains(" 200 ");
  }
}
