package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client.Answer;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Users who go on asking a model for as long as something else happens. */
public final class Load implements AutoCloseable {
  private final Gateway gateway;
  private final String model;
  private final long started = System.nanoTime();
  private final AtomicInteger sent = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Queue<String> served = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService users = Executors.newVirtualThreadPerTaskExecutor();

  private Load(Gateway gateway, String model) {
    this.gateway = gateway;
    this.model = model;
  }

  /** Begins to send so many requests a second, whether or not earlier ones are answered. */
  public static Load on(Gateway gateway, String model, int perSecond) {
    Load load = new Load(gateway, model);
    load.clock.scheduleAtFixedRate(
        () -> load.users.submit(load::ask), 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    return load;
  }

  private void ask() {
    sent.incrementAndGet();
    try {
      Answer answer = gateway.chat(model);
      if (answer.status() == 200) {
        served.add(answer.servedBy());
      } else {
        failures.add(at() + answer);
      }
    } catch (RuntimeException e) {
      failures.add(at() + e);
    }
  }

  private String at() {
    return "after %.1f s: ".formatted((System.nanoTime() - started) / 1e9);
  }

  /** The number of right answers so far. */
  public int answered() {
    return served.size();
  }

  /** The requests that failed so far, with when and how. */
  public Queue<String> failures() {
    return failures;
  }

  /** Ends it, and requires that there were requests and that none of them failed. */
  public void stopWithoutFailure(String during) {
    close();
    Map<String, Integer> perPod = new TreeMap<>();
    served.forEach(pod -> perPod.merge(pod, 1, Integer::sum));
    System.out.println(
        during + ": " + sent + " requests, " + failures.size() + " failed, served by " + perPod);
    assertThat(failures).as("failed requests during " + during).isEmpty();
    assertThat(perPod).as("pods that served during " + during).isNotEmpty();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    users.close(); // waits for those under way
  }
}
