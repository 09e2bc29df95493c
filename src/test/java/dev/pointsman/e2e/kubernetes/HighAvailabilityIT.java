package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.kubernetes.ChangeStream.Delays;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Envoy Gateway waits for as long as nobody answers its hooks. With two replicas, neither the sudden death of the one
 * that answers nor a rolling update costs a change or a request; how long changes were held up is printed.
 */
@OnKubernetes
class HighAvailabilityIT {
  private static final String NAMESPACE = "high-availability";

  private static Gateway gateway;

  @BeforeAll
  static void install(Cluster cluster) {
    cluster.namespaces(NAMESPACE);
    cluster.apply(NAMESPACE, Cluster.manifests("high-availability"));
    for (String workload : List.of("stable", "canary", "stable-picker", "canary-picker")) {
      cluster.awaitRollout(NAMESPACE, "deployment/" + workload);
    }
    gateway = Gateway.await(cluster, NAMESPACE, "inference-gateway");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void changesGoOnWhenTheActiveReplicaIsKilledAndInARollingUpdate(Cluster cluster)
      throws Exception {
    cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
    try (ChangeStream changes = ChangeStream.start(cluster, NAMESPACE, gateway)) {
      long begun = System.nanoTime();
      Delays undisturbed = awaitChanges(changes, begun);
      long killed = System.nanoTime();
      Replica.active(cluster).kill();
      Delays afterKill = awaitChanges(changes, killed);
      cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);

      long updated = System.nanoTime();
      cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, Replica.DEPLOYMENT);
      cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
      pause(3); // the last replica of before drains for 5 s
      Delays inUpdate = awaitChanges(changes, updated);

      changes.finish();
      changes.close();
      System.out.printf(
          "%d changes, the slowest undisturbed: %d ms, after kill -9: %d ms, in a rolling update: %d ms;"
              + " %d requests, %d failed; canary %.1f %%%n",
          changes.size(),
          undisturbed.longest().toMillis(),
          afterKill.longest().toMillis(),
          inUpdate.longest().toMillis(),
          changes.served(),
          changes.failures().size(),
          changes.share("canary") * 100);
      assertThat(changes.failures()).isEmpty();
      // The slowest change is printed, not asserted: it depends on the machine, too.
      assertThat(changes.share("canary")).isCloseTo(0.1, Assertions.within(0.05));
    }
  }

  /** The changes of some seconds, and more than ten. */
  private static Delays awaitChanges(ChangeStream changes, long since) throws InterruptedException {
    pause(4);
    return await("changes to arrive")
        .atMost(Duration.ofMinutes(2))
        .until(() -> changes.delaysSince(since), delays -> delays.count() > 10);
  }

  private static void pause(int seconds) throws InterruptedException {
    Thread.sleep(Duration.ofSeconds(seconds));
  }
}
