package dev.pointsman.e2e.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A build of Pointsman that can be installed with its own chart.
 *
 * @param root of its sources and its jar
 * @param image as the node's {@code images.yaml} knows it
 */
record Build(Path root, String image) {
  /** This one. */
  static final Build NOW = new Build(Path.of(""), "pointsman");

  /** An older one, made by {@code hack/skew.sh}. */
  static final Build BEFORE = new Build(Path.of("target/before"), "pointsman-before");

  /** A pod counts as available only after this time, so that both builds serve for a while. */
  private static final Duration BOTH = Duration.ofSeconds(12);

  /** Installs it in the place of another one, as a rolling update, and waits for the replaced pods to be gone. */
  void rollOut(Cluster cluster) {
    cluster.kubectl(
        "apply",
        "--server-side",
        "--force-conflicts",
        "-f",
        NOW.root.resolve("charts/pointsman/crds").toString());
    cluster.helm(
        "upgrade",
        "pointsman",
        root.resolve("charts/pointsman").toAbsolutePath().toString(),
        "-n",
        Cluster.SYSTEM,
        "--set",
        "image.repository=" + image);
    new PointsmanDeployment(cluster).awaitRollout();
  }

  /** Lets rolling updates take longer. */
  static void slowDown(Cluster cluster) {
    availableAfter(cluster, BOTH);
  }

  /** Undoes {@link #slowDown}. */
  static void speedUp(Cluster cluster) {
    availableAfter(cluster, Duration.ZERO);
  }

  private static void availableAfter(Cluster cluster, Duration ready) {
    cluster.kubectl(
        "patch",
        "-n",
        Cluster.SYSTEM,
        Replica.DEPLOYMENT,
        "-p",
        "{\"spec\": {\"minReadySeconds\": " + ready.toSeconds() + "}}");
  }

  /** The replicas that run it. */
  List<Replica> replicas(Cluster cluster) {
    return Replica.all(cluster).stream()
        .filter(replica -> replica.image().startsWith(image + ":"))
        .toList();
  }
}
