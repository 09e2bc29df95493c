package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pools come, go and change while others serve. */
@OnKubernetes
class PoolChangesIT {
  private static final String NAMESPACE = "pool-changes";
  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE)
        .servers("blue", 1, "steady", "moved")
        .servers("green", 2, "late", "gone", "moved");
    models.pool("steady", "blue").route("shared", "steady", "steady");
    gateway = Gateway.shared(cluster);
    models.awaitReady("blue", "green");
    gateway.awaitServed("steady", "blue-");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void createdAfterItsRoute() {
    models.route("shared", "late", "late");
    await("a server error for a route without its pool")
        .atMost(Duration.ofSeconds(30))
        .until(() -> gateway.chat("late"), answer -> answer.status() >= 500);
    assertThat(gateway.chat("steady").status()).isEqualTo(200);
    models.pool("late", "green");
    gateway.awaitServed("late", "green-");
  }

  @Test
  void deletedAndCreatedAgain(Cluster cluster) {
    models.pool("gone", "green").route("shared", "gone", "gone");
    gateway.awaitServed("gone", "green-");
    try (Load others = Load.on(gateway, "steady", 10)) {
      cluster.kubectl(
          "delete", "inferencepools.inference.networking.k8s.io", "gone", "-n", NAMESPACE);
      await("a server error for the pool that is gone")
          .atMost(Duration.ofSeconds(30))
          .until(() -> gateway.chat("gone").status() >= 500);
      models.pool("gone", "green");
      gateway.awaitServed("gone", "green-");
      others.stopWithoutFailure("deletion of another pool");
    }
  }

  @Test
  void selectorChanged() {
    models.pool("moved", "blue").route("shared", "moved", "moved");
    gateway.awaitServed("moved", "blue-");
    try (Load users = Load.on(gateway, "moved", 10)) {
      models.pool("moved", "green");
      gateway.awaitServed("moved", "green-");
      users.stopWithoutFailure("the change of a selector");
    }
    for (int i = 0; i < 10; i++) {
      assertThat(gateway.chat("moved").servedBy()).startsWith("green-");
    }
  }

  /** Its label says that it is one no more, and comes back. */
  @Test
  void podLeavesAndComesBack(Cluster cluster) {
    models.servers("lent", 2).awaitReady("lent");
    models.pool("lent", "lent").route("shared", "lent", "lent");
    gateway.awaitServed("lent", "lent-");
    Set<String> both = new TreeSet<>(cluster.pods(NAMESPACE, "app=lent"));
    String leaving = both.iterator().next();
    awaitServing("lent", both);
    try (Load users = Load.on(gateway, "lent", 10)) {
      cluster.kubectl("label", "pod", leaving, "-n", NAMESPACE, "--overwrite", "app=elsewhere");
      await("the pod that left to get no requests")
          .atMost(Duration.ofSeconds(30))
          .until(() -> !serving("lent", 12).contains(leaving));
      cluster.kubectl("label", "pod", leaving, "-n", NAMESPACE, "--overwrite", "app=lent");
      await("the pod to serve again")
          .atMost(Duration.ofSeconds(30))
          .until(() -> serving("lent", 12).contains(leaving));
      users.stopWithoutFailure("the change of a pod's labels");
    }
  }

  /** A pod that is not ready gets no requests, even if it would answer. */
  @Test
  void podThatIsNotReadyLeaves(Cluster cluster) {
    models.apply("gated-server.yaml", Map.of());
    models.pool("gated", "gated").route("shared", "gated", "gated");
    await("two pods")
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.pods(NAMESPACE, "app=gated").size() == 2);
    Set<String> both = new TreeSet<>(cluster.pods(NAMESPACE, "app=gated"));
    both.forEach(pod -> open(cluster, pod, "True"));
    models.awaitReady("gated");
    awaitServing("gated", both);
    String leaving = both.iterator().next();
    try (Load users = Load.on(gateway, "gated", 10)) {
      open(cluster, leaving, "False");
      await("the pod that is not ready to get no requests")
          .atMost(Duration.ofSeconds(30))
          .until(() -> !serving("gated", 12).contains(leaving));
      open(cluster, leaving, "True");
      awaitServing("gated", both);
      users.stopWithoutFailure("a pod's readiness gate closing and opening");
    }
  }

  private static void open(Cluster cluster, String pod, String status) {
    cluster.kubectl(
        "patch",
        "pod",
        pod,
        "-n",
        NAMESPACE,
        "--subresource=status",
        "--type=strategic",
        "-p",
        "{\"status\":{\"conditions\":[{\"type\":\"pointsman.dev/wanted\",\"status\":\"" + status
            + "\"}]}}");
  }

  private static void awaitServing(String model, Set<String> pods) {
    await(pods + " to serve " + model)
        .atMost(Duration.ofSeconds(30))
        .until(() -> serving(model, 12).equals(pods));
  }

  private static Set<String> serving(String model, int requests) {
    Set<String> pods = new TreeSet<>();
    for (int i = 0; i < requests; i++) {
      pods.add(gateway.chat(model).servedBy());
    }
    return pods;
  }
}
