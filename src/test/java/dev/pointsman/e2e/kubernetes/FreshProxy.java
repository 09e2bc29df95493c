package dev.pointsman.e2e.kubernetes;

import java.time.Duration;
import java.util.List;

/** A proxy that knows nothing of the past, behind an Envoy Gateway and replicas of Pointsman that do not either. */
record FreshProxy(Cluster cluster, String selector) {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Starts all of them again, with a new proxy for the Gateway of a namespace. */
  static FreshProxy of(Cluster cluster, String namespace) {
    PointsmanDeployment pointsman = new PointsmanDeployment(cluster);
    pointsman.stop();
    cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, "deployment/envoy-gateway");
    pointsman.start();
    cluster.awaitRollout(Cluster.SYSTEM, "deployment/envoy-gateway");
    String selector = "gateway.envoyproxy.io/owning-gateway-namespace=" + namespace;
    cluster.kubectl(
        "delete", "pod", "-n", Cluster.SYSTEM, "-l", selector, "--force", "--grace-period=0");
    return new FreshProxy(cluster, selector);
  }

  /** Waits until it holds the same, and returns the differences that remain. */
  List<String> differences(HeldConfig held) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    List<String> differences = List.of("not read yet");
    while (!differences.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(PAUSE);
      try {
        ClusterProcess proxy = ClusterProcess.ofDeployment(
                cluster, Cluster.SYSTEM, selector, "/envoy")
            .getFirst();
        differences = held.differences(HeldConfig.of(new ProxyPod(proxy.pid())));
      } catch (AssertionError | RuntimeException notStarted) {
        differences = List.of(notStarted.toString());
      }
    }
    return differences;
  }
}
