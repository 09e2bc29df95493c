package dev.pointsman.e2e.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The Inference Extension's picker reads the metrics of llm-d's simulator of vLLM: a pod whose queue grows gets nothing
 * more until it is done. The simulators repeat the message, a token each 100 ms, for two requests at a time.
 */
@Tag("long")
@OnKubernetes
class BusyPodIT {
  private static final String NAMESPACE = "busy";
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int QUEUED = 8;
  private static final int TOKENS_OF_QUEUED = 60;
  private static final AtomicInteger asked = new AtomicInteger();
  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void install(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE)
        .deploy("busy", 2, List.of("--max-num-seqs", "2", "--inter-token-latency", "100ms"));
    models.picked("busy").route("shared", "busy", "busy");
    gateway = Gateway.shared(cluster);
    models.awaitReady("busy", "busy-epp");
    gateway.awaitServed("busy", "busy-");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void aPodWithALongQueueIsAvoidedUntilItIsDone(Cluster cluster) {
    List<String> pods = cluster.pods(NAMESPACE, "app=busy");
    String busy = pods.getFirst();
    String idle = pods.getLast();
    await("both pods to serve").atMost(LIMIT).until(() -> served(10).containsAll(pods));
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < QUEUED; i++) {
        var _ = users.submit(() -> {
          occupy(cluster, busy);
          return null;
        });
      }
      await("a queue at " + busy).atMost(LIMIT).until(() -> waiting(busy) >= QUEUED / 2);
      assertThat(served(20)).as("%s has a queue", busy).containsExactly(idle);
      assertThat(waiting(busy)).as("the queue, at the end of the test").isPositive();
    }
    await("both pods to serve again").atMost(LIMIT).until(() -> served(10).containsAll(pods));
  }

  /** The model server takes its time between the tokens, so the first event cannot have been held back. */
  @Test
  void eventsArriveOneByOne(Cluster cluster) throws Exception {
    HttpResponse<InputStream> response = cluster
        .http()
        .send(
            Client.json(gateway.url(Client.CHAT))
                .POST(BodyPublishers.ofString(body(20, true)))
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), US_ASCII))) {
      assertThat(lines.readLine()).startsWith("data: {");
      long first = System.nanoTime();
      assertThat(lines.lines().filter(line -> !line.isEmpty()).toList())
          .last()
          .isEqualTo("data: [DONE]");
      assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThan(Duration.ofSeconds(1));
    }
  }

  /** The pods that serve so many short requests, none of them like one before: a picker prefers pods that know the prompt. */
  private static Set<String> served(int requests) {
    Set<String> pods = new TreeSet<>();
    for (int i = 0; i < requests; i++) {
      Answer answer = gateway.send(
          Client.json(gateway.url(Client.CHAT)).POST(BodyPublishers.ofString(body(1, false))));
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      pods.add(answer.servedBy());
    }
    return pods;
  }

  /** A long request that passes the gateway by. */
  private static void occupy(Cluster cluster, String pod) throws IOException, InterruptedException {
    String address = cluster
        .get("/api/v1/namespaces/" + NAMESPACE + "/pods/" + pod)
        .at("/status/podIP")
        .asString("");
    URI uri = URI.create("http://" + address + ":8000" + Client.CHAT);
    HttpRequest request = HttpRequest.newBuilder(uri)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body(TOKENS_OF_QUEUED, true)))
        .build();
    assertThat(cluster.http().send(request, BodyHandlers.ofString()).body()).endsWith("[DONE]\n\n");
  }

  private static String body(int tokens, boolean stream) {
    String words = ("w" + asked.incrementAndGet() + " ").repeat(tokens);
    return """
        {"model": "busy", "stream": %s, "messages": [{"role": "user", "content": "%s"}]}""".formatted(stream, words);
  }

  private static double waiting(String pod) {
    return models
        .metrics(pod)
        .lines()
        .filter(line -> line.startsWith("vllm:num_requests_waiting{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
