package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Changes while requests run. */
@EndToEnd
class ChangesIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration SETTLED = Duration.ofSeconds(3);

  /** Less than the 15 s of Envoy. */
  private static final Duration WARM = Duration.ofSeconds(10);

  @Test
  void podComesAndGoes(Rig rig) {
    Scenario secondPod = Scenario.read(Path.of("testdata/e2e-second-pod"));
    HostPort address = HostPort.parse("127.0.0.20:8000");
    rig.startStubs(secondPod);
    assertThat(rig.envoy().knows(address)).isFalse();
    long added = System.nanoTime();
    rig.install(secondPod);
    await("Envoy to know the new pod").atMost(LIMIT).until(() -> rig.envoy().knows(address));
    long known = System.nanoTime();
    await("the new pod to serve")
        .atMost(LIMIT)
        .until(() -> servedBy(rig, "elastic").equals("elastic-1"));
    long removed = System.nanoTime();
    rig.remove(secondPod);
    await("Envoy to forget the pod").atMost(LIMIT).until(() -> !rig.envoy().knows(address));
    System.out.printf(
        "a new pod was known to Envoy after %d ms, a removed one forgotten after %d ms%n",
        Duration.ofNanos(known - added).toMillis(),
        Duration.ofNanos(System.nanoTime() - removed).toMillis());
    for (int i = 0; i < 4; i++) {
      assertThat(servedBy(rig, "elastic")).isEqualTo("elastic-0");
    }
  }

  /** A changed listener would drain the streams that run on it. */
  @Test
  void newPoolDoesNotChangeTheListener(Rig rig) {
    Scenario latePool = Scenario.read(Path.of("testdata/e2e-late-pool"));
    assertThat(Client.chat(rig, "late").status()).isEqualTo(404);
    awaitSettledListeners(rig);
    long modified = rig.envoy().stat("listener_manager.listener_modified");
    long draining = rig.envoy().stat("listener_manager.total_listeners_draining");
    rig.add(latePool);
    try {
      await("the new pool to serve")
          .atMost(LIMIT)
          .until(() -> servedBy(rig, "late").equals("late-0"));
      assertThat(rig.envoy().stat("listener_manager.listener_modified")).isEqualTo(modified);
      assertThat(rig.envoy().stat("listener_manager.total_listeners_draining"))
          .isLessThanOrEqualTo(draining);
    } finally {
      rig.remove(latePool);
    }
    await("the pool to be gone")
        .atMost(LIMIT)
        .until(() -> Client.chat(rig, "late").status() == 404);
    assertThat(rig.envoy().stat("listener_manager.listener_modified")).isEqualTo(modified);
  }

  /** Envoy takes no new clusters while one waits for endpoints, which takes 15 s if Envoy Gateway is to send them. */
  @Test
  void changedSplitHoldsNoOtherClusterUp(Rig rig) {
    Scenario split = Scenario.read(Path.of("testdata/e2e-split"));
    Scenario limit = Scenario.read(Path.of("testdata/e2e-split-limit"));
    rig.add(split);
    try {
      await("the split to serve")
          .atMost(LIMIT)
          .until(() -> Client.chat(rig, "split").status() == 200);
      awaitWarmClusters(rig, LIMIT);
      long modified = rig.envoy().stat("cluster_manager.cluster_modified");
      rig.add(limit);
      await("three changed clusters")
          .atMost(LIMIT)
          .until(() -> rig.envoy().stat("cluster_manager.cluster_modified") >= modified + 3);
      awaitWarmClusters(rig, WARM);
    } finally {
      rig.remove(limit);
      rig.remove(split);
    }
  }

  private static void awaitWarmClusters(Rig rig, Duration limit) {
    await("no cluster to wait for endpoints")
        .atMost(limit)
        .until(() -> rig.envoy().stat("cluster_manager.warming_clusters") == 0);
  }

  /** Envoy Gateway takes the objects of the classes before away in its own time. */
  private static void awaitSettledListeners(Rig rig) {
    AtomicLong last = new AtomicLong(-1);
    AtomicLong since = new AtomicLong();
    await("listeners that do not change for 3 s").atMost(LIMIT).until(() -> {
      long modified = rig.envoy().stat("listener_manager.listener_modified");
      if (last.getAndSet(modified) != modified) {
        since.set(System.nanoTime());
      }
      return System.nanoTime() - since.get() > SETTLED.toNanos();
    });
  }

  @Test
  void nothingIsRejected(Rig rig) {
    assertThat(rig.envoy().stats("update_rejected").values()).isNotEmpty().containsOnly(0L);
  }

  private static String servedBy(Rig rig, String model) {
    return Client.chat(rig, model).servedBy();
  }
}
