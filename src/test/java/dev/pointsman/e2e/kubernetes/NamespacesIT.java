package dev.pointsman.e2e.kubernetes;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A pool of another namespace is served where that namespace allows it, and nowhere else. */
@OnKubernetes
class NamespacesIT {
  private static Models owners;
  private static Models users;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    owners = Models.in(cluster, "model-owners").servers("lent", 1, "lent-out").pool("lent", "lent");
    users = Models.in(cluster, "model-users").route("shared", "lent-out", "model-owners", "lent");
    gateway = Gateway.shared(cluster);
    owners.awaitReady("lent");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces("model-owners", "model-users");
  }

  @Test
  void withoutWithAndAgainWithoutAGrant(Cluster cluster) {
    refused();
    // Envoy Gateway writes the status of a route after the xDS of it, and may be seconds late.
    await("a route whose status says RefNotPermitted")
        .atMost(Duration.ofSeconds(30))
        .until(() -> route(cluster), route -> route.contains("RefNotPermitted"));

    owners.apply("grant.yaml", Map.of("FROM", "model-users"));
    gateway.awaitServed("lent-out", "lent-");

    cluster.kubectl("delete", "referencegrant", "routes-of-others", "-n", "model-owners");
    refused();
  }

  /** Envoy Gateway does not translate again for a grant of policies, so that Pointsman has to ask for it. */
  @Test
  void aGrantOfAPolicyAndItsEndTakeEffectWithoutAnotherChange(Cluster cluster) {
    Gateway borrowing = Gateway.make(cluster, "borrowing", 8099);
    users.pool("empty", "nobody").apply("borrowing.yaml", Map.of());
    borrowing.awaitStatus("lent-out", 500);

    owners.apply("policy-grant.yaml", Map.of("FROM", "model-users"));
    borrowing.awaitServed("lent-out", "lent-");

    cluster.kubectl("delete", "referencegrant", "policies-of-others", "-n", "model-owners");
    borrowing.awaitStatus("lent-out", 500);
    cluster.kubectl("delete", "gateway", "borrowing", "-n", "gateways");
  }

  private static String route(Cluster cluster) {
    return cluster.kubectl(
        "get", "httproute", "lent-out-on-shared", "-n", "model-users", "-o", "yaml");
  }

  private static void refused() {
    await("a server error for a pool that may not be used")
        .atMost(Duration.ofSeconds(30))
        .until(() -> gateway.chat("lent-out"), answer -> answer.status() >= 500);
  }
}
