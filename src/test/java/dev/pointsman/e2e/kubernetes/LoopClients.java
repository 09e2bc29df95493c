package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.e2e.kubernetes.FaultClients.Sample;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Clients of routes whose requests pass a second listener of the same proxy: large bodies, a fallback and a subset. */
final class LoopClients implements AutoCloseable {
  /** Above the largest message of a gRPC server. */
  private static final int LARGE = 5 << 20;

  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int STEADY = 10;

  private final Gateway gateway;
  private final FaultClients small;
  private final Queue<String> large = new ConcurrentLinkedQueue<>();
  private final Queue<String> failedLarge = new ConcurrentLinkedQueue<>();
  private final Thread sender;
  private volatile boolean asking = true;

  private LoopClients(Gateway gateway) {
    this.gateway = gateway;
    small = FaultClients.start(
        gateway, Map.of("fallback", FaultScene.OPEN, "subset", FaultScene.CLOSED));
    sender = Thread.ofPlatform().name("large bodies").unstarted(this::ask);
  }

  /** Makes the routes beside those of a {@link FaultScene}, and returns when their requests are answered. */
  static LoopClients start(Cluster cluster, String namespace) {
    cluster.apply(namespace, Cluster.manifests("loops.yaml"));
    LoopClients clients = new LoopClients(Gateway.await(cluster, namespace, FaultScene.GATEWAY));
    await("large bodies to be served").atMost(LIMIT).until(() -> clients.send().isEmpty());
    await("the fallback's and the subset's routes to serve").atMost(LIMIT).until(() -> {
      List<Sample> last =
          clients.small.since(0).reversed().stream().limit(STEADY).toList();
      return last.size() == STEADY && last.stream().noneMatch(Sample::failed);
    });
    clients.sender.start();
    return clients;
  }

  private void ask() {
    while (asking) {
      String complaint = send();
      (complaint.isEmpty() ? large : failedLarge).add(complaint);
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Sends a large body; returns the complaint about its answer. */
  private String send() {
    try {
      Answer answer = gateway.send(Client.json(gateway.url(Client.CHAT))
          .POST(BodyPublishers.ofByteArray(Client.body("large", LARGE))));
      return answer.status() == 200 ? "" : "large body: " + answer;
    } catch (RuntimeException e) {
      return "large body: " + e;
    }
  }

  /** The numbers of complaints about answers since a time of {@link System#nanoTime}, and of large bodies since the start. */
  Map<String, Long> failures(long since) {
    assertThat(large).as("served large bodies").hasSizeGreaterThan(5);
    return Stream.concat(
            failedLarge.stream(),
            small.since(since).stream()
                .filter(Sample::failed)
                .map(sample -> sample.route() + ": " + sample.complaint()))
        .collect(Collectors.groupingBy(complaint -> complaint, Collectors.counting()));
  }

  /** The number of requests since then. */
  int requests(long since) {
    return large.size() + failedLarge.size() + small.since(since).size();
  }

  @Override
  public void close() throws InterruptedException {
    asking = false;
    small.close();
    sender.join();
  }
}
