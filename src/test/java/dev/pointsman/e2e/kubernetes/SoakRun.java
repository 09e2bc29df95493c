package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.FaultClients.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A soak under way: its changes and its proxy. Progress is printed. */
final class SoakRun {
  /** A change is in Envoy within this time, on a busy machine, too. */
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final long PROGRESS_SECONDS = 15;

  private final FaultScene scene;
  private final Churn churn;
  private final ProxyPod proxy;
  private final long begun;

  private SoakRun(FaultScene scene, Churn churn) {
    this.scene = scene;
    this.churn = churn;
    this.proxy = new ProxyPod(scene.proxy().pid());
    this.begun = System.nanoTime();
  }

  /** Makes the objects. */
  static SoakRun begin(Cluster cluster, String namespace, FaultScene scene, long seed) {
    return new SoakRun(scene, Churn.begin(cluster, namespace, seed));
  }

  ProxyPod proxy() {
    return proxy;
  }

  /** The time of {@link System#nanoTime} when it began. */
  long begun() {
    return begun;
  }

  /** The number of calls of the API server so far. */
  long changes() {
    return churn.calls();
  }

  /** Changes objects for so long. */
  void change(Duration time) throws InterruptedException {
    try (ScheduledExecutorService progress = Executors.newSingleThreadScheduledExecutor()) {
      var _ = progress.scheduleAtFixedRate(
          this::say, PROGRESS_SECONDS, PROGRESS_SECONDS, TimeUnit.SECONDS);
      churn.run(time);
      progress.shutdownNow();
    }
    say();
  }

  private void say() {
    List<Sample> requests = scene.clients().since(begun);
    System.out.printf(
        "soak: after %d s: %d changes, %d requests, %d failed%n",
        (System.nanoTime() - begun) / 1_000_000_000,
        churn.calls(),
        requests.size(),
        requests.stream().filter(Sample::failed).count());
  }

  /** Waits until Envoy has all changes, and returns those that it still lacks after a while. */
  List<String> awaitHeld() throws InterruptedException {
    long start = System.nanoTime();
    List<String> lost = new ArrayList<>(List.of("not read yet"));
    while (!lost.isEmpty() && System.nanoTime() - start < ARRIVAL.toNanos()) {
      Thread.sleep(PAUSE);
      lost = HeldConfig.of(proxy).lost(churn.objects());
    }
    System.out.printf(
        "soak: Envoy has %s %d ms after the last change%n",
        lost.isEmpty() ? "everything" : "not everything", (System.nanoTime() - start) / 1_000_000);
    return lost;
  }
}
