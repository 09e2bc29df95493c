package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Traffic goes on while parts of the control plane restart or are gone. */
@OnKubernetes
class RestartsIT {
  private static final String NAMESPACE = "restarts";
  private static final String POINTSMAN = "deployment/pointsman";
  private static final String ADVERTISE = "--eds-advertise=";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE).servers("stable", 2);
    models.pool("stable", "stable").route("shared", "stable", "stable");
    gateway = Gateway.shared(cluster);
    models.awaitReady("stable");
    gateway.awaitServed("stable", "stable-");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
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
      cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, POINTSMAN);
      cluster.awaitRollout(Cluster.SYSTEM, POINTSMAN);
      models
          .pool("after-pointsman", "stable")
          .route("shared", "after-pointsman", "after-pointsman");
      gateway.awaitServed("after-pointsman", "stable-");
      users.stopWithoutFailure("a restart of Pointsman");
    }
  }

  /** The proxies then get another cluster for endpoint discovery, on which the endpoints of all pools depend. */
  @Test
  void pointsmanMovesToAnotherAddress(Cluster cluster) {
    try (Load users = Load.on(gateway, "stable", 20)) {
      String usual = advertised(cluster);
      assertThat(usual).endsWith(".svc.cluster.local:18010");
      advertise(cluster, usual.replace(".svc.cluster.local:", ".svc:"));
      models.pool("after-a-move", "stable").route("shared", "after-a-move", "after-a-move");
      gateway.awaitServed("after-a-move", "stable-");
      assertThat(discovery()).contains(".svc\"").doesNotContain(".svc.cluster.local\"");
      advertise(cluster, usual);
      models
          .pool("after-two-moves", "stable")
          .route("shared", "after-two-moves", "after-two-moves");
      gateway.awaitServed("after-two-moves", "stable-");
      users.stopWithoutFailure("a change of the cluster for endpoint discovery");
    }
  }

  /** The cluster as a proxy has it. */
  private static String discovery() {
    return ProxyPod.of("gateways", "shared")
        .admin(
            "/config_dump?resource=dynamic_active_clusters&name_regex=pointsman/endpoint-discovery");
  }

  private static String advertised(Cluster cluster) {
    return arguments(cluster).stream()
        .filter(argument -> argument.startsWith(ADVERTISE))
        .findFirst()
        .orElseThrow()
        .substring(ADVERTISE.length());
  }

  private static void advertise(Cluster cluster, String address) {
    int place = arguments(cluster).indexOf(ADVERTISE + advertised(cluster));
    cluster.kubectl(
        "patch",
        "-n",
        Cluster.SYSTEM,
        POINTSMAN,
        "--type=json",
        "-p",
        "[{\"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/args/" + place
            + "\", \"value\": \"" + ADVERTISE + address + "\"}]");
    cluster.awaitRollout(Cluster.SYSTEM, POINTSMAN);
    await("the replicas of before to be gone").atMost(LIMIT).until(() -> replicas(cluster) == 2);
  }

  private static int replicas(Cluster cluster) {
    return cluster
        .api()
        .pods()
        .inNamespace(Cluster.SYSTEM)
        .withLabel("app.kubernetes.io/name", "pointsman")
        .list()
        .getItems()
        .size();
  }

  private static List<String> arguments(Cluster cluster) {
    return cluster
        .api()
        .apps()
        .deployments()
        .inNamespace(Cluster.SYSTEM)
        .withName("pointsman")
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getArgs();
  }

  /** Nobody tells the proxies of pods that come; those that they know go on, and afterwards they catch up. */
  @Test
  void pointsmanIsGoneWhilePodsChange(Cluster cluster) {
    models.servers("churned", 2).awaitReady("churned");
    models.pool("churned", "churned").route("shared", "churned", "churned");
    Set<String> before = new TreeSet<>(cluster.pods(NAMESPACE, "app=churned"));
    await("both pods to serve").atMost(LIMIT).until(() -> serving().equals(before));
    cluster.kubectl("scale", "-n", Cluster.SYSTEM, POINTSMAN, "--replicas=0");
    try {
      await("Pointsman to be gone").atMost(LIMIT).until(() -> replicas(cluster) == 0);
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
      cluster.kubectl("scale", "-n", Cluster.SYSTEM, POINTSMAN, "--replicas=2");
      cluster.awaitRollout(Cluster.SYSTEM, POINTSMAN);
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
