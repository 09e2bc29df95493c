package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Model servers that an autoscaler starts from zero and stops again; kubectl plays the autoscaler. */
@OnKubernetes
class AutoscalingIT {
  private static final String NAMESPACE = "autoscaled";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int STREAMS = 8;
  private static final int TOKENS = 50; // of 100 ms each
  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE)
        .servers("refused", 0)
        .servers("held", 0)
        .deploy("slow", 3, List.of("--max-num-seqs", "100", "--inter-token-latency", "100ms"));
    models.pool("refused", "refused").pool("slow", "slow");
    models.apply("held-pool.yaml", Map.of());
    for (String name : List.of("refused", "held", "slow")) {
      models.route("shared", name, name);
    }
    gateway = Gateway.shared(cluster);
    models.awaitReady("slow", "held-picker");
    gateway.awaitServed("slow", "slow-");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  /** The proxies choose the pods of this pool. */
  @Test
  void aPoolWithoutPodsAnswersAtOnceWhenToComeBack(Cluster cluster) {
    gateway.awaitStatus("refused", 503);
    Answer answer = gateway.chat("refused");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.error()).isEqualTo("no_endpoints");
    assertThat(answer.response().headers().firstValue("retry-after")).contains("5");
    scale(cluster, "refused", 1);
    gateway.awaitServed("refused", "refused-");
  }

  /** The pool's picker has flow control. */
  @Test
  void requestsWaitInThePickerForTheFirstPod(Cluster cluster) throws Exception {
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Answer>> held = new ArrayList<>();
      await("a request to be held").atMost(LIMIT).until(() -> {
        held.add(CompletableFuture.supplyAsync(() -> gateway.chat("held"), users));
        TimeUnit.SECONDS.sleep(3);
        held.removeIf(CompletableFuture::isDone); // its route was not there yet
        return !held.isEmpty();
      });
      for (int i = 0; i < 5; i++) {
        held.add(CompletableFuture.supplyAsync(() -> gateway.chat("held"), users));
      }
      TimeUnit.SECONDS.sleep(5);
      assertThat(held).noneMatch(CompletableFuture::isDone);
      scale(cluster, "held", 1);
      for (CompletableFuture<Answer> one : held) {
        Answer answer = one.get(30, TimeUnit.SECONDS);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.servedBy()).startsWith("held-");
      }
    }
  }

  @Test
  void streamsEndWholeWhileTheirPodsGo(Cluster cluster) throws Exception {
    Set<String> pods = new ConcurrentSkipListSet<>();
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<String>> streams = new ArrayList<>();
      await("a running stream on each pod").atMost(LIMIT).until(() -> {
        // The picker chooses among idle pods by chance, so a fixed number of streams may leave one
        // out.
        pods.clear();
        for (int i = 0; i < STREAMS; i++) {
          streams.add(CompletableFuture.supplyAsync(() -> stream(cluster, pods), users));
        }
        TimeUnit.SECONDS.sleep(2);
        return pods.size() == 3;
      });
      scale(cluster, "slow", 1);
      for (CompletableFuture<String> one : streams) {
        assertThat(one.get(30, TimeUnit.SECONDS)).endsWith("data: [DONE]\n\n");
      }
    }
    await("two pods to go")
        .atMost(LIMIT)
        .until(() -> cluster.pods(NAMESPACE, "app=slow").size() == 1);
    assertThat(gateway.chat("slow").status()).isEqualTo(200);
  }

  private static String stream(Cluster cluster, Set<String> pods) {
    String body = """
        {"model": "slow", "stream": true, "messages": [{"role": "user", "content": "%s"}]}""".formatted("word ".repeat(TOKENS));
    URI uri = gateway.url(Client.CHAT);
    HttpRequest request = Client.json(uri).POST(BodyPublishers.ofString(body)).build();
    try {
      return cluster
          .http()
          .send(request, response -> {
            response.headers().firstValue("x-inference-pod").ifPresent(pods::add);
            return BodyHandlers.ofString().apply(response);
          })
          .body();
    } catch (IOException cut) {
      return cut.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void scale(Cluster cluster, String deployment, int replicas) {
    cluster.kubectl("scale", "-n", NAMESPACE, "deployment/" + deployment, "--replicas=" + replicas);
  }
}
