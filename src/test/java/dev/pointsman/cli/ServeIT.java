package dev.pointsman.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The jar as a process: what it logs, how it ends. */
class ServeIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir
  private Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  private Process serve(String log, String grpcAddress, String... more) throws IOException {
    return serveObjectsOf(List.of("--resources", folder.toString()), log, grpcAddress, more);
  }

  private Process serveObjectsOf(
      List<String> source, String log, String grpcAddress, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        "hack/pointsman",
        "serve",
        "--grpc-address",
        grpcAddress,
        "--eds-address",
        "127.0.0.1:0",
        "--admin-address",
        "127.0.0.1:0"));
    command.addAll(source);
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve(log).toFile())
        .start();
    processes.add(process);
    return process;
  }

  private String log(String log) throws IOException {
    return Files.readString(folder.resolve(log));
  }

  @Test
  void getsReadyDrainsOnSigtermAndNamesATakenPort() throws Exception {
    Process first = serve("first.log", "127.0.0.1:0");
    await().atMost(START).untilAsserted(() -> assertThat(log("first.log")).contains("ready, "));
    Matcher listening =
        Pattern.compile("listening: hooks 127.0.0.1:(\\d+)").matcher(log("first.log"));
    assertThat(listening.find()).isTrue();
    String taken = "127.0.0.1:" + listening.group(1);

    Process second = serve("second.log", taken);
    assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(log("second.log"))
        .contains("pointsman serve: --grpc-address " + taken + ": port " + listening.group(1)
            + " is taken by another process")
        .doesNotContain("\tat ");

    first.destroy(); // SIGTERM
    assertThat(first.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(log("first.log")).contains("stopping: ").contains("stopped");
  }

  @Test
  void servesForTheDrainDelayAfterSigterm() throws Exception {
    Process process = serve("drain.log", "127.0.0.1:0", "--drain-delay", "5");
    await().atMost(START).untilAsserted(() -> assertThat(log("drain.log")).contains("ready, "));
    Matcher listening = Pattern.compile("hooks 127.0.0.1:(\\d+),.* admin 127.0.0.1:(\\d+)")
        .matcher(log("drain.log"));
    assertThat(listening.find()).isTrue();
    ManagedChannel channel = NettyChannelBuilder.forAddress(
            "127.0.0.1", Integer.parseInt(listening.group(1)))
        .usePlaintext()
        .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest readyz = HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + listening.group(2) + "/readyz"))
          .build();
      assertThat(http.send(readyz, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      long signalled = System.nanoTime();
      process.destroy(); // SIGTERM
      await().atMost(START).untilAsserted(() -> {
        HttpResponse<String> answer = http.send(readyz, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).startsWith("draining");
      });
      PostTranslateModifyRequest request = PostTranslateModifyRequest.newBuilder()
          .addClusters(Cluster.newBuilder().setName("c").build().toByteString())
          .build();
      assertThat(EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
              .postTranslateModify(request)
              .getClustersList())
          .isEqualTo(request.getClustersList());
      assertThat(process.isAlive()).isTrue();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - signalled))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
      assertThat(log("drain.log")).contains("stopped");
    } finally {
      channel.shutdownNow();
    }
  }

  /** An API server that stops answering must not keep a replica ready that was told to stop. */
  @Test
  void isNotReadyAtOnceAfterSigtermAlthoughTheApiServerHangs() throws Exception {
    CountDownLatch hung = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Set<String> written = ConcurrentHashMap.newKeySet();
    HttpServer api = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    api.createContext("/", exchange -> answer(exchange, hung, end, written));
    api.start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Files.writeString(
          folder.resolve("kubeconfig"), """
          apiVersion: v1
          kind: Config
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          users: [{name: u, user: {token: t}}]
          contexts: [{name: x, context: {cluster: c, user: u}}]
          current-context: x
          """.formatted(api.getAddress().getPort()));
      Process process = serveObjectsOf(
          List.of("--kubernetes", "--kubeconfig", folder.resolve("kubeconfig").toString()),
          "hang.log",
          "127.0.0.1:0",
          "--drain-delay",
          "3");
      await()
          .atMost(START)
          .untilAsserted(
              () -> assertThat(log("hang.log")).contains("this replica writes statuses"));
      Matcher admin = Pattern.compile("admin 127.0.0.1:(\\d+)").matcher(log("hang.log"));
      assertThat(admin.find()).isTrue();
      HttpRequest readyz = HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + admin.group(1) + "/readyz"))
          .build();
      written.clear();
      hung.countDown();
      await()
          .atMost(START)
          .untilAsserted(
              () -> assertThat(written).as("a renewal of the Lease hangs").isNotEmpty());
      process.destroy(); // SIGTERM
      await()
          .atMost(Duration.ofSeconds(2))
          .untilAsserted(
              () -> assertThat(http.send(readyz, BodyHandlers.ofString()).statusCode())
                  .isEqualTo(503));
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the grace period").isTrue();
      assertThat(log("hang.log")).contains("stopped");
    } finally {
      end.countDown();
      api.stop(0);
    }
  }

  private static void answer(
      HttpExchange exchange, CountDownLatch hung, CountDownLatch end, Set<String> written)
      throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    boolean lease = exchange.getRequestURI().getPath().contains("/leases");
    if (lease) {
      written.add(exchange.getRequestMethod());
    }
    boolean watch = query.contains("watch=true");
    if (watch || lease && hung.getCount() == 0) {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().flush();
      hold(end);
      return;
    }
    boolean known = !lease || !exchange.getRequestMethod().equals("GET");
    String list = "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}";
    String body = lease ? new String(exchange.getRequestBody().readAllBytes(), UTF_8) : list;
    byte[] bytes = known ? body.getBytes(UTF_8) : new byte[0];
    exchange.sendResponseHeaders(known ? 200 : 404, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void exitsWhenReadyAndLogsJson() throws Exception {
    Process process = serve("json.log", "127.0.0.1:0", "--log-format", "json", "--exit-when-ready");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(log("json.log").lines())
        .map(JSON::readTree)
        .allMatch(
            line -> line.path("timestamp").isString() && line.path("level").isString())
        .anyMatch(line -> line.path("message").asString().startsWith("ready, "));
  }
}
