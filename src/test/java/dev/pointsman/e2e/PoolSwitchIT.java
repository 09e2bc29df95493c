package dev.pointsman.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model moves to another pool while its requests run: one that no rule has named before, or its canary. */
@EndToEnd
class PoolSwitchIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration A_WHILE = Duration.ofSeconds(1);
  private static final int CLIENTS = 8;
  private static final int ENOUGH = 100;
  private static final Scenario NEW_POOL = Scenario.read(Path.of("testdata/e2e-new-pool"));
  private static final HostPort NEW_PICKER = HostPort.parse("127.0.0.46:9002");

  @TempDir
  private static Path folder;

  @BeforeAll
  static void start(Rig rig) {
    rig.add(NEW_POOL);
  }

  @BeforeEach
  void add(Rig rig) {
    moveTo(rig, "close-0", "close-pool");
    await("proxies to know the picker, which no rule uses")
        .atMost(LIMIT)
        .until(
            () -> rig.envoy().knows(NEW_PICKER) && rig.envoy().flags(NEW_PICKER).isEmpty());
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(Scenario.read(folder.resolve("e2e-switch")));
    rig.remove(NEW_POOL);
  }

  @Test
  void noRequestFails(Rig rig) throws Exception {
    assertThat(answersDuring(rig, () -> moveTo(rig, "new-0", "new-pool")))
        .containsOnly("200 close-0", "200 new-0");
  }

  /** A rule that keeps its two lines keeps the names of its clusters, whatever pools and weights they have. */
  @Test
  void noRequestFailsWhileACanaryIsPromotedAndTakenBack(Rig rig) throws Exception {
    route(rig, "close-pool, weight: 90", "new-pool, weight: 10");
    awaitServed(rig, "new-0");
    awaitServed(rig, "close-0");
    Queue<String> answers = answersDuring(rig, () -> {
      moveTo(rig, "new-0", "new-pool, weight: 90", "new-pool, weight: 10");
      route(rig, "close-pool, weight: 50", "new-pool, weight: 50");
      awaitServed(rig, "close-0");
      moveTo(rig, "close-0", "close-pool, weight: 90", "close-pool, weight: 10");
    });
    assertThat(answers).containsOnly("200 close-0", "200 new-0");
  }

  private static Queue<String> answersDuring(Rig rig, Runnable change) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    Queue<String> answers = new ConcurrentLinkedQueue<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        var _ = clients.submit(() -> {
          while (!ended.get()) {
            Answer answer = Client.chat(rig, "switched");
            answers.add(answer.status() + " " + answer.servedBy());
          }
        });
      }
      try {
        Thread.sleep(A_WHILE);
        change.run();
        Thread.sleep(A_WHILE);
      } finally {
        ended.set(true);
      }
    }
    System.out.printf("%d requests while a model moves to another pool%n", answers.size());
    return answers;
  }

  @Test
  void aRunningResponseGoesOn(Rig rig) throws Exception {
    moveTo(rig, "new-0", "new-pool");
    HttpResponse<InputStream> response = Http.send(
        Client.json(rig.url(Client.HTTP, Client.CHAT))
            .header("x-stub-hold", "yes")
            .POST(BodyPublishers.ofString(
                "{\"stream\": true, \"messages\": [], \"model\": \"switched\"}"))
            .build(),
        BodyHandlers.ofInputStream());
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      assertThat(lines.readLine()).startsWith("data: {");
      moveTo(rig, "close-0", "close-pool");
      rig.tell("new-0", "release");
      assertThat(lines.lines().filter(line -> !line.isEmpty()).toList()).endsWith("data: [DONE]");
    }
  }

  /** All requests go to a pod, from some moment on. */
  private static void moveTo(Rig rig, String pod, String... backends) {
    route(rig, backends);
    awaitAllServed(rig, pod);
  }

  /** Waits until each of many requests goes to a pod, the share of a tenth included. */
  private static void awaitAllServed(Rig rig, String pod) {
    await(pod)
        .atMost(LIMIT)
        .until(() -> Stream.generate(() -> servedBy(rig)).limit(ENOUGH).allMatch(pod::equals));
  }

  private static void awaitServed(Rig rig, String pod) {
    await(pod).atMost(LIMIT).until(() -> servedBy(rig).equals(pod));
  }

  private static String servedBy(Rig rig) {
    return Client.chat(rig, "switched").servedBy();
  }

  /** Applies a route to backends, each a pool's name with or without a weight. */
  private static void route(Rig rig, String... backends) {
    Path scenario = folder.resolve("e2e-switch");
    try {
      Files.createDirectories(scenario.resolve("cluster"));
      Path gateway = Files.createDirectories(scenario.resolve("gateway"));
      Files.writeString(gateway.resolve("route.yaml"), """
          apiVersion: gateway.networking.k8s.io/v1
          kind: HTTPRoute
          metadata: {name: switched, namespace: default}
          spec:
            parentRefs: [{name: e2e}]
            rules:
            - matches: [{headers: [{name: X-Gateway-Model-Name, value: switched}]}]
              backendRefs: [%s]
          """.formatted(Stream.of(backends)
          .map("{group: inference.networking.k8s.io, kind: InferencePool, name: %s}"::formatted)
          .collect(Collectors.joining(", "))));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    rig.install(Scenario.read(scenario));
  }
}
