package dev.pointsman.e2e.kubernetes;

import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Clients of two pools and of a Service who go on asking while parts of the cluster fail. */
final class FaultClients implements AutoCloseable {
  /** Several a route: a request that waits leaves the others. */
  private static final int CLIENTS = 4;

  private static final Duration PAUSE = Duration.ofMillis(80);

  /** Longer than Envoy's limits and than a picker hangs: a request without an answer is a failure of its own. */
  static final Duration LIMIT = Duration.ofSeconds(45);

  private final Gateway gateway;
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();
  private volatile boolean asking = true;

  /**
   * A request of a client.
   *
   * @param route the pool's name, or that of the Service
   * @param sent the time of {@link System#nanoTime}
   * @param change the number of the change in its answer, -1 for none
   * @param complaint empty if the right pool has answered
   */
  record Sample(String route, long sent, long answered, int change, String complaint) {
    boolean failed() {
      return !complaint.isEmpty();
    }
  }

  private FaultClients(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Starts clients for each of these routes, which take the header {@code x-route} with their name.
   *
   * @param routes each with the Deployment of its pods
   */
  static FaultClients start(Gateway gateway, Map<String, String> routes) {
    FaultClients clients = new FaultClients(gateway);
    routes.forEach((route, pods) -> {
      for (int i = 0; i < CLIENTS; i++) {
        clients.threads.add(
            Thread.ofPlatform().name("client of " + route).start(() -> clients.ask(route, pods)));
      }
    });
    return clients;
  }

  private void ask(String route, String pods) {
    while (asking) {
      waiting.put(Thread.currentThread(), System.nanoTime());
      samples.add(send(route, pods));
      waiting.remove(Thread.currentThread());
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Sample send(String route, String pods) {
    long sent = System.nanoTime();
    try {
      Answer answer = gateway.send(Client.json(gateway.url(Client.CHAT))
          .timeout(LIMIT)
          .header("x-route", route)
          .POST(BodyPublishers.ofString(Client.body("any"))));
      int change = answer
          .response()
          .headers()
          .firstValue("x-change")
          .map(Integer::parseInt)
          .orElse(-1);
      return new Sample(route, sent, System.nanoTime(), change, complaint(answer, pods));
    } catch (RuntimeException e) {
      return new Sample(route, sent, System.nanoTime(), -1, e.toString());
    }
  }

  private static String complaint(Answer answer, String pods) {
    if (answer.status() != 200) {
      return answer.status() + " " + answer.response().body();
    }
    String pod = answer.json().path("pod").asString("");
    return pod.startsWith(pods + "-") ? "" : "answered by " + pod + ", a pod of another pool";
  }

  /** Waits until no request waits that was sent before the time. */
  void awaitAnswers(long time) {
    await("answers or the end of the clients' limit")
        .atMost(LIMIT.multipliedBy(2))
        .until(() -> waiting.values().stream().noneMatch(sent -> sent < time));
  }

  /** The requests that were sent or answered after the time. */
  List<Sample> since(long time) {
    return samples.stream().filter(sample -> sample.answered() >= time).toList();
  }

  @Override
  public void close() throws InterruptedException {
    asking = false;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
