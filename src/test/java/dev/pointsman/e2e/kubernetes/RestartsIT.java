package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traffic goes on while parts of the control plane restart or are gone. */
@OnKubernetes
class RestartsIT {
  private static final String NAMESPACE = "restarts";
  private static final String ADVERTISE = "--eds-advertise";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE)
        .servers("stable", 2, "after-envoy-gateway", "after-pointsman", "after-moves");
    models.pool("stable", "stable").route("shared", "stable", "stable");
    gateway = Gateway.shared(cluster);
    models.awaitReady("stable");
    gateway.awaitServed("stable", "stable-");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @LongTest
  void envoyGatewayRestarts(Cluster cluster) {
    try (Load users = Load.on(gateway, "stable", 20)) {
      cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, "deployment/envoy-gateway");
      cluster.awaitRollout(Cluster.SYSTEM, "deployment/envoy-gateway");
      models
          .pool("after-envoy-gateway", "stable")
          .route("shared", "after-envoy-gateway", "after-envoy-gateway");
      gateway.awaitServed("after-envoy-gateway", "stable-");
      users.stopWithoutFailure("a restart of Envoy Gateway");
    }
  }

  @Test
  void pointsmanRestarts(Cluster cluster) {
    try (Load users = Load.on(gateway, "stable", 20)) {
      cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, Replica.DEPLOYMENT);
      cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
      models
          .pool("after-pointsman", "stable")
          .route("shared", "after-pointsman", "after-pointsman");
      gateway.awaitServed("after-pointsman", "stable-");
      users.stopWithoutFailure("a restart of Pointsman");
    }
  }

  /**
   * The proxies then get another cluster for endpoint discovery, on which the endpoints of all pools depend. No object
   * changes: the replicas that stop request the translations.
   */
  @Test
  void pointsmanMovesToAnotherAddress(Cluster cluster) {
    PointsmanDeployment pointsman = new PointsmanDeployment(cluster);
    try (Load users = Load.on(gateway, "stable", 20)) {
      String usual = pointsman.option(ADVERTISE);
      assertThat(usual).endsWith(".svc.cluster.local:18010");
      pointsman.set(ADVERTISE, usual.replace(".svc.cluster.local:", ".svc:"));
      pointsman.awaitRollout();
      await("the other address").atMost(LIMIT).until(() -> discovery(cluster).contains(".svc\""));
      pointsman.set(ADVERTISE, usual);
      pointsman.awaitRollout();
      await("the usual address")
          .atMost(LIMIT)
          .until(() -> discovery(cluster).contains(".svc.cluster.local\""));
      models.pool("after-moves", "stable").route("shared", "after-moves", "after-moves");
      gateway.awaitServed("after-moves", "stable-");
      users.stopWithoutFailure("a change of the cluster for endpoint discovery");
    }
  }

  /** The cluster as a proxy has it. */
  private static String discovery(Cluster cluster) {
    return ProxyPod.of(cluster, "gateways", "shared")
        .admin(
            "/config_dump?resource=dynamic_active_clusters&name_regex=pointsman/endpoint-discovery");
  }

  /** Nobody tells the proxies of pods that come; those that they know go on, and afterwards they catch up. */
  @Test
  void pointsmanIsGoneWhilePodsChange(Cluster cluster) {
    models.servers("churned", 2).awaitReady("churned");
    models.pool("churned", "churned").route("shared", "churned", "churned");
    Set<String> before = new TreeSet<>(cluster.pods(NAMESPACE, "app=churned"));
    await("both pods to serve").atMost(LIMIT).until(() -> serving().equals(before));
    PointsmanDeployment pointsman = new PointsmanDeployment(cluster);
    pointsman.stop();
    try {
      try (Load users = Load.on(gateway, "churned", 20)) {
        cluster.kubectl("scale", "-n", NAMESPACE, "deployment/churned", "--replicas=3");
        models.awaitReady("churned");
        assertThat(serving()).isEqualTo(before);
        users.stopWithoutFailure("the absence of Pointsman");
      }
      String lost = before.iterator().next();
      cluster.kubectl("delete", "pod", lost, "-n", NAMESPACE, "--wait=true");
      models.awaitReady("churned");
    } finally {
      pointsman.start();
    }
    Set<String> after = new TreeSet<>(cluster.pods(NAMESPACE, "app=churned"));
    await("the pods of today to serve").atMost(LIMIT).until(() -> serving(), after::equals);
    try (Load users = Load.on(gateway, "churned", 20)) {
      await("some requests")
          .atMost(LIMIT)
          .until(() -> users.answered() > 40 || !users.failures().isEmpty());
      users.stopWithoutFailure("the time after Pointsman came back");
    }
  }

  private static Set<String> serving() {
    Set<String> pods = new TreeSet<>();
    for (int i = 0; i < 12; i++) {
      pods.add(gateway.chat("churned").servedBy());
    }
    return pods;
  }
}
