package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Clients of two pools who go on asking while parts of the cluster fail. */
final class FaultClients implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Longer than Envoy's limits: a request without an answer is a failure of its own. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Gateway gateway;
  private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean asking = true;

  /**
   * A request of a client.
   *
   * @param sent the time of {@link System#nanoTime}
   * @param change the number of the change in its answer, -1 for none
   * @param complaint empty if the right pool has answered
   */
  record Sample(String pool, long sent, long answered, int change, String complaint) {
    boolean failed() {
      return !complaint.isEmpty();
    }
  }

  private FaultClients(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Starts a client for each of these pools, whose routes take the header {@code x-route} with the pool's name. */
  static FaultClients start(Gateway gateway, List<String> pools) {
    FaultClients clients = new FaultClients(gateway);
    for (String pool : pools) {
      clients.threads.add(
          Thread.ofPlatform().name("client of " + pool).start(() -> clients.ask(pool)));
    }
    return clients;
  }

  private void ask(String pool) {
    while (asking) {
      samples.add(send(pool));
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Sample send(String pool) {
    long sent = System.nanoTime();
    try {
      Answer answer = gateway.send(Client.json(gateway.url(Client.CHAT))
          .timeout(LIMIT)
          .header("x-route", pool)
          .POST(BodyPublishers.ofString(Client.body("any"))));
      int change = answer
          .response()
          .headers()
          .firstValue("x-change")
          .map(Integer::parseInt)
          .orElse(-1);
      return new Sample(pool, sent, System.nanoTime(), change, complaint(answer, pool));
    } catch (RuntimeException e) {
      return new Sample(pool, sent, System.nanoTime(), -1, e.toString());
    }
  }

  private static String complaint(Answer answer, String pool) {
    if (answer.status() != 200) {
      return answer.status() + " " + answer.response().body();
    }
    String pod = answer.json().path("pod").asString("");
    return pod.startsWith(pool + "-") ? "" : "answered by " + pod + ", a pod of another pool";
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
