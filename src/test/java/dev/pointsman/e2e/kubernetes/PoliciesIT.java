package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** InferencePolicies reach Pointsman through Envoy Gateway, and everyone who looks at them can see what came of it. */
@OnKubernetes
class PoliciesIT {
  private static final String NAMESPACE = "policies";
  private static final String GATEWAY = "policies";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE)
        .servers("old", 1, "split", "split-lora", "anything", "mirrored", "limited", "mistaken")
        .servers("new", 1, "split", "split-lora", "mirrored");
    models.pool("old", "old").pool("new", "new");
    gateway = Gateway.make(cluster, GATEWAY, 8083);
    models.awaitReady("old", "new");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
    cluster.kubectl("delete", "gateway/policies", "-n", "gateways", "--ignore-not-found");
    cluster.kubectl("delete", "inferencepolicy/large", "-n", "gateways", "--ignore-not-found");
  }

  @Test
  void modelsSplitOnARoute(Cluster cluster) {
    models.apply("chat-route.yaml", Map.of()).apply("split-policy.yaml", Map.of());
    for (String model : new String[] {"split", "split-lora"}) {
      Set<String> served = new TreeSet<>();
      await("both pools to serve " + model).atMost(LIMIT).untilAsserted(() -> {
        served.add(gateway.chat(model).servedBy().replaceAll("-.*", ""));
        assertThat(served).contains("old", "new");
      });
    }
    assertThat(gateway.chat("anything").servedBy()).startsWith("old-");
    Conditions said = Conditions.of(cluster, Conditions.POLICY, NAMESPACE, "split");
    said.awaitTrue(GATEWAY, "Accepted");
    said.awaitTrue(GATEWAY, "ResolvedRefs");
    await("Envoy Gateway's entry in the policy's status beside Pointsman's")
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(said.controllers())
            .contains("gateway.envoyproxy.io/gatewayclass-controller"));
    assertThat(said.controllers()).contains(Conditions.OURS);
    Conditions.of(cluster, Conditions.POOL, NAMESPACE, "new").awaitTrue(GATEWAY, "Accepted");
    assertThat(cluster.kubectl(
            "get",
            "inferencepools.inference.networking.k8s.io",
            "new",
            "-n",
            NAMESPACE,
            "-o",
            "yaml"))
        .contains(
            "controllerName: pointsman.dev/inference", "type: Accepted", "type: ResolvedRefs");
  }

  @Test
  void mirrorOnARoute(Cluster cluster) {
    models.route(GATEWAY, "mirrored", "old").apply("mirror-policy.yaml", Map.of());
    gateway.awaitServed("mirrored", "old-");
    String copy = cluster.pods(NAMESPACE, "app=new").getFirst();
    int before = models.requestsOf(copy);
    await("a copy to arrive").atMost(LIMIT).until(() -> {
      assertThat(gateway.chat("mirrored").servedBy()).startsWith("old-");
      return models.requestsOf(copy) > before;
    });
    Conditions.of(cluster, Conditions.POLICY, NAMESPACE, "mirror").awaitTrue(GATEWAY, "Accepted");
  }

  @Test
  void bodyLimitOnAGateway(Cluster cluster) {
    models.route(GATEWAY, "limited", "old");
    gateway.awaitServed("limited", "old-");
    cluster.apply("gateways", Cluster.manifests("gateway-policy.yaml"), Map.of("LIMIT", "64Ki"));
    awaitPost(100 << 10, 413);
    Conditions.of(cluster, Conditions.POLICY, "gateways", "large").awaitTrue(GATEWAY, "Accepted");
    cluster.apply("gateways", Cluster.manifests("gateway-policy.yaml"), Map.of("LIMIT", "1Mi"));
    awaitPost(100 << 10, 200);
  }

  private static void awaitPost(int bytes, int status) {
    await(status + " for a body of " + bytes + " bytes")
        .atMost(LIMIT)
        .until(() -> gateway
                .send(Client.json(gateway.url(Client.CHAT))
                    .POST(BodyPublishers.ofByteArray(Client.body("limited", bytes))))
                .status()
            == status);
  }

  /** The rule is served as if the policy were not there, and the mistake is in the status. */
  @Test
  void mistakeIsReported(Cluster cluster) {
    models.route(GATEWAY, "mistaken", "old").apply("mistaken-policy.yaml", Map.of());
    gateway.awaitServed("mistaken", "old-");
    assertThat(Conditions.of(cluster, Conditions.POLICY, NAMESPACE, "mistaken")
            .awaitFalse(GATEWAY, "ResolvedRefs", "BackendNotFound")
            .path("message")
            .asString())
        .contains("InferencePool policies/nowhere");
  }

  @Test
  void poolWithoutItsPickerIsReported(Cluster cluster) {
    models
        .apply("pool-without-its-picker.yaml", Map.of("NAME", "unpicked", "APP", "old"))
        .route(GATEWAY, "unpicked", "unpicked");
    assertThat(Conditions.of(cluster, Conditions.POOL, NAMESPACE, "unpicked")
            .awaitFalse(GATEWAY, "ResolvedRefs", "InvalidExtensionRef")
            .path("message")
            .asString())
        .contains("not-there");
    await("an Event about the pool")
        .atMost(LIMIT)
        .until(() -> cluster
            .get("/apis/events.k8s.io/v1/namespaces/" + NAMESPACE + "/events")
            .path("items")
            .valueStream()
            .anyMatch(
                event -> event.path("reportingController").asString("").equals(Conditions.OURS)
                    && event.at("/regarding/kind").asString("").equals("InferencePool")
                    && event.at("/regarding/name").asString("").equals("unpicked")));
  }
}
