package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several Gateways: one model name with a pool for each, and one whose proxies have settings of their own. */
@OnKubernetes
class GatewaysIT {
  private static final String NAMESPACE = "two-gateways";
  private static Gateway left;
  private static Gateway right;

  @BeforeAll
  static void deploy(Cluster cluster) {
    Models models = Models.in(cluster, NAMESPACE)
        .servers("left", 1, "both", "own")
        .servers("right", 1, "both", "only-right");
    models.pool("left", "left").pool("right", "right");
    models.route("shared", "both", "left").route("second", "both", "right");
    models.route("second", "only-right", "right");
    left = Gateway.shared(cluster);
    right = Gateway.make(cluster, "second", 8082);
    models.awaitReady("left", "right");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
    cluster.kubectl("delete", "gateway", "second", "own", "-n", "gateways");
    cluster.kubectl("delete", "envoyproxy", "own", "-n", "gateways");
  }

  @Test
  void eachServesItsOwnPool(Cluster cluster) {
    left.awaitServed("both", "left-");
    right.awaitServed("both", "right-");
    for (int i = 0; i < 10; i++) {
      assertThat(left.chat("both").servedBy()).startsWith("left-");
      assertThat(right.chat("both").servedBy()).startsWith("right-");
    }
    right.awaitServed("only-right", "right-");
    assertThat(left.chat("only-right").status()).isEqualTo(404);
    Conditions.of(cluster, Conditions.POOL, NAMESPACE, "left").awaitTrue("shared", "Accepted");
    Conditions.of(cluster, Conditions.POOL, NAMESPACE, "right").awaitTrue("second", "Accepted");
    assertThat(Conditions.of(cluster, Conditions.POOL, NAMESPACE, "left").parents())
        .contains("shared")
        .doesNotContain("second");
  }

  /** Endpoint discovery comes with the configuration, and nothing of it has to stand in a proxy's bootstrap. */
  @Test
  void anEnvoyProxyOfTheUsersOwnNeedsNothingOfOurs(Cluster cluster) {
    new Models(cluster, "gateways").apply("own-envoy-proxy.yaml", Map.of());
    new Models(cluster, NAMESPACE).route("own", "own", "left");
    Gateway.await(cluster, "gateways", "own").awaitServed("own", "left-");
    Conditions.of(cluster, Conditions.POOL, NAMESPACE, "left").awaitTrue("own", "Accepted");
  }
}
