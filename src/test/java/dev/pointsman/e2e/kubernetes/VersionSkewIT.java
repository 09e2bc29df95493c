package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.kubernetes.FaultClients.Sample;
import dev.pointsman.rig.Settled;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An older build and this one serve side by side while the one replaces the other, under traffic and changes of routes,
 * pools, pods and policies. {@code hack/skew.sh} makes the older build, which needs the history of this repository.
 */
@OnKubernetes
@EnabledIfSystemProperty(
    named = "before",
    matches = ".+",
    disabledReason = "an older build is needed: hack/skew.sh makes it")
class VersionSkewIT {
  private static final Duration CHURN = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final long SEED = 20261130;

  /** The way from one build to the other. */
  private enum Way {
    /** No connection is lost but those that end with a replica. */
    UPGRADE(Build.BEFORE, Build.NOW),
    /** All connections to Pointsman are reset again and again, so that each replica gets some. */
    ROLLBACK(Build.NOW, Build.BEFORE);

    private final Build from;
    private final Build to;

    Way(Build from, Build to) {
      this.from = from;
      this.to = to;
    }

    String namespace() {
      return "skew-" + name().toLowerCase(Locale.ROOT);
    }
  }

  @AfterAll
  static void restore(Cluster cluster) {
    Build.speedUp(cluster);
    Build.NOW.rollOut(cluster);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void nothingFailsAndNothingIsLost(Way way, Cluster cluster) throws Exception {
    way.from.rollOut(cluster);
    Build.slowDown(cluster);
    FaultScene scene = FaultScene.set(cluster, way.namespace());
    LoopClients loops = LoopClients.start(cluster, way.namespace());
    SoakRun run = SoakRun.begin(cluster, way.namespace(), scene, SEED);
    double failedBefore = EnvoyGatewayMetrics.failedTranslations(cluster);
    MixedReplicas mixed = new MixedReplicas(cluster, way.namespace());

    AtomicBoolean rolling = new AtomicBoolean(true);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<?> churn = threads.submit(() -> churn(run, rolling));
      try {
        Future<?> roll = threads.submit(() -> way.to.rollOut(cluster));
        while (!roll.isDone()) {
          mixed.look();
          if (way == Way.ROLLBACK) {
            scene.pointsman().resetConnections();
          }
          Thread.sleep(LOOK);
        }
        roll.get();
      } finally {
        rolling.set(false);
      }
      churn.get();
    }

    List<String> lost = run.awaitHeld();
    double failed = EnvoyGatewayMetrics.failedTranslations(cluster) - failedBefore;
    HeldConfig held = HeldConfig.of(run.proxy());
    scene.clients().close();
    loops.close();
    List<Sample> requests = scene.clients().since(run.begun());
    System.out.printf(
        "skew, %s: %d changes, %d requests and %d through loops; translations that failed: %.0f; %s%n",
        way, run.changes(), requests.size(), loops.requests(run.begun()), failed, mixed.seen());

    assertThat(requests)
        .filteredOn(Sample::failed)
        .extracting(Sample::complaint)
        .isEmpty();
    assertThat(loops.failures(run.begun())).isEmpty();
    assertThat(lost).as("lost updates").isEmpty();
    assertThat(run.proxy().counters("update_rejected$"))
        .as("updates that Envoy rejected")
        .isEmpty();
    if (way == Way.UPGRADE) {
      assertThat(failed).as("translations that failed").isZero();
    } else {
      assertThat(mixed.metAcrossBuilds())
          .as("both builds serve one proxy: " + mixed.seen())
          .isTrue();
    }
    await("the right statuses")
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(new Statuses(cluster, way.namespace()).wrong()).isEmpty());
    double _ = Settled.value(
        "nobody to write statuses", Duration.ofSeconds(5), () -> Replica.statusWrites(cluster));
    Build.speedUp(cluster);
    assertThat(FreshProxy.of(cluster, way.namespace()).differences(held))
        .as("differences from a fresh translation")
        .isEmpty();
    cluster.deleteNamespaces(way.namespace());
  }

  private static void churn(SoakRun run, AtomicBoolean rolling) {
    try {
      while (rolling.get()) {
        run.change(CHURN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
