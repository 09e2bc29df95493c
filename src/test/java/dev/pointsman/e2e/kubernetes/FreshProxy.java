package dev.pointsman.e2e.kubernetes;

import java.time.Duration;
import java.util.List;

/** A proxy that knows nothing of the past, behind an Envoy Gateway and replicas of Pointsman that do not either. */
record FreshProxy(ProxyPod proxy) {
  private static final Duration LIMIT = Duration.ofSeconds(60);
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
    cluster.kubectl(
        "wait",
        "--for=condition=Ready",
        "pod",
        "-n",
        Cluster.SYSTEM,
        "-l",
        selector,
        "--timeout=60s");
    return new FreshProxy(
        new ProxyPod(ClusterProcess.ofDeployment(cluster, Cluster.SYSTEM, selector, "/envoy")
            .getFirst()
            .pid()));
  }

  /** Waits until it holds the same, and returns the differences that remain. */
  List<String> differences(HeldConfig held) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      List<String> differences = held.differences(HeldConfig.of(proxy));
      if (differences.isEmpty() || System.nanoTime() > end) {
        return differences;
      }
      Thread.sleep(PAUSE);
    }
  }
}
