package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.rig.ServeProcess;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image's process without memory or without disk: it ends, to be started again, or goes on. It never hangs. */
class ExhaustionIT extends ServerFixture {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Pattern LISTENING = Pattern.compile(
      "listening: hooks 127.0.0.1:(?<hooks>\\d+),.* admin 127.0.0.1:(?<admin>\\d+)");

  /** The exit code of a JVM without memory, by {@code ExitOnOutOfMemoryError}. */
  private static final int WITHOUT_MEMORY = 3;

  @TempDir
  Path folder;

  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void objects() throws IOException {
    Path manifests = Path.of("testdata", "demo", "gateway");
    try (Stream<Path> files = Files.list(manifests)) {
      for (Path file : files.toList()) {
        Files.copy(file, resources.resolve(file.getFileName()));
      }
    }
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  /** Starts it with the image's options, and returns when it is ready. */
  private Process serve(String shell, String memory, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        "bash",
        "-c",
        shell + "exec \"$@\"",
        "serve",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "@hack/image/java.options",
        memory,
        "-jar",
        System.getProperty("pointsman.jar", "target/pointsman.jar")));
    command.addAll(ServeProcess.arguments(resources));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
    processes.add(process);
    await("the server").atMost(LIMIT).until(() -> log().contains("ready, "));
    return process;
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private int port(String name) throws IOException {
    Matcher listening = LISTENING.matcher(log());
    assertThat(listening.find()).as(log()).isTrue();
    return Integer.parseInt(listening.group(name));
  }

  private ManagedChannel connect() throws IOException {
    return connect(port("hooks"));
  }

  private static int translated(ManagedChannel channel, PostTranslateModifyRequest request) {
    return EnvoyGatewayExtensionGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS)
        .postTranslateModify(request)
        .getClustersCount();
  }

  @Test
  void objectsAboveTheMemoryEndTheProcess() throws Exception {
    Process process = serve("", "-Xmx48m");
    for (int file = 0; file < 40; file++) {
      StringBuilder pods = new StringBuilder();
      for (int i = 0; i < 5_000; i++) {
        pods.append("""
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: pod-%d-%d, namespace: default, labels: {app: qwen}},
             status: {podIP: 10.1.%d.%d, conditions: [{type: Ready, status: "True"}]}}
            """.formatted(file, i, i / 250, i % 250));
      }
      Files.writeString(resources.resolve("pods-" + file + ".yaml"), pods);
    }
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("ended").isTrue();
    assertThat(process.exitValue()).as(log()).isEqualTo(WITHOUT_MEMORY);
    assertThat(log()).contains("OutOfMemoryError");
  }

  /** Envoy Gateway gets an error, and another replica or the next process takes the next call. */
  @Test
  void aTranslationAboveTheMemoryEndsTheProcessOrTheCallOnly() throws Exception {
    Process process = serve("", "-Xmx48m");
    ManagedChannel channel = connect();
    try {
      assertThat(translated(channel, payload(60 * MEBIBYTE))).isPositive();
    } catch (StatusRuntimeException refused) {
      assertThat(refused).hasMessageNotContaining("DEADLINE_EXCEEDED");
    }
    if (process.waitFor(2, TimeUnit.SECONDS)) {
      assertThat(process.exitValue()).as(log()).isEqualTo(WITHOUT_MEMORY);
    } else {
      assertThat(translated(channel, payload(MEBIBYTE))).isPositive();
    }
    channel.shutdownNow();
  }

  /** Each replica of Envoy Gateway sends all, and all of them at one time after a change. */
  @Test
  void severalEnvoyGatewaysTakeTheMemoryOfOne() throws Exception {
    String direct = "export JDK_JAVA_OPTIONS=-XX:MaxDirectMemorySize=1g; "; // messages on their way
    Process process = serve(direct, "-Xmx240m");
    List<Callable<Integer>> gateways = Collections.nCopies(6, () -> {
      ManagedChannel channel = connect();
      try {
        return translated(channel, payload(40 * MEBIBYTE));
      } finally {
        channel.shutdownNow();
      }
    });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> answered : threads.invokeAll(gateways)) {
        assertThat(answered.get()).isEqualTo(640);
      }
    }
    assertThat(process.isAlive()).isTrue();
  }

  /** 200 MB of headers that never end, from a pod that may connect to the admin port. */
  @Test
  void halfRequestsForTheAdminPortLeaveTheMemory() throws Exception {
    Process process = serve("", "-Xmx48m");
    int admin = port("admin");
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1_200; i++) {
        clients.add(new Socket("127.0.0.1", admin));
        String header = "a".repeat(i % 2 == 0 ? 15_000 : 330_000);
        try {
          clients
              .getLast()
              .getOutputStream()
              .write(("GET /healthz HTTP/1.1\r\nx-a: " + header).getBytes(StandardCharsets.UTF_8));
        } catch (IOException refused) {
          assertThat(header).as("the header that is refused").hasSizeGreaterThan(15_000);
        }
      }
      assertThat(http(admin, "/healthz").statusCode()).isEqualTo(200);
      assertThat(process.isAlive()).as(log()).isTrue();
      assertThat(log()).doesNotContain("OutOfMemoryError");
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  /** No file may have more than 64 KiB: the writes fail as on a full disk. */
  @Test
  void aFullDiskEndsTheRecordingOnly() throws Exception {
    Path recorded = folder.resolve("recorded");
    Process process = serve("ulimit -f 64; ", "-Xmx256m", "--record", recorded.toString());
    ManagedChannel channel = connect();
    int small = translated(channel, payload(1000));
    assertThat(small).isEqualTo(1);
    assertThat(translated(channel, payload(MEBIBYTE))).isEqualTo(16);
    assertThat(translated(channel, payload(1000))).isEqualTo(1);
    assertThat(process.isAlive()).isTrue();
    assertThat(log()).contains("recording stops");
    try (Stream<Path> files = Files.list(recorded)) {
      assertThat(files.filter(file -> file.toString().endsWith(".pb")))
          .as("no half of a request")
          .hasSize(1);
    }
    channel.shutdownNow();
  }
}
