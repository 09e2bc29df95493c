package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Listeners of a ListenerSet serve pools, have statuses, and are not the Gateway's own listeners of the same name. */
@OnKubernetes
class ListenerSetIT {
  private static final String NAMESPACE = "listener-set";
  private static final String ABOVE_1_KIB =
      "{\"model\": \"of-the-set\", \"prompt\": \"" + "x".repeat(200_000) + "\"}";
  private static Gateway own;
  private static Gateway ofSet;
  private static Gateway team;

  @BeforeAll
  static void deploy(Cluster cluster) {
    cluster.namespaces("gateways");
    Models models =
        Models.in(cluster, NAMESPACE).servers("set", 1, "of-the-set").pool("set", "set");
    Gateway.shared(cluster); // makes the GatewayClass
    new Models(cluster, "gateways").apply("gateway-with-sets.yaml", Map.of());
    models.apply("listener-set.yaml", Map.of());
    own = Gateway.await(cluster, "gateways", "sets");
    ofSet = own.atPort(8086);
    team = own.atPort(8087);
    models.awaitReady("set");
    own.awaitServed("of-the-set", "set-");
    ofSet.awaitServed("of-the-set", "set-");
    team.awaitServed("of-the-set", "set-");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
    cluster.kubectl("delete", "gateway/sets", "-n", "gateways");
    cluster.kubectl(
        "delete",
        "inferencepolicies.pointsman.dev/on-http",
        "inferencepolicies.pointsman.dev/on-team",
        "-n",
        "gateways");
  }

  @Test
  void poolAndPolicyHaveAStatusForTheSet(Cluster cluster) {
    Conditions pool = Conditions.of(cluster, Conditions.POOL, NAMESPACE, "set");
    pool.awaitTrue("team", "Accepted");
    pool.awaitTrue("sets", "Accepted");
    assertThat(pool.parents()).containsExactlyInAnyOrder("team", "sets");
  }

  @Test
  void aPolicyOnTheGatewaysListenerLeavesTheSetsListenerOfThatNameAlone(Cluster cluster) {
    Conditions.of(cluster, Conditions.POLICY, "gateways", "on-http").awaitTrue("sets", "Accepted");
    assertThat(status(own)).isEqualTo(413);
    assertThat(status(ofSet)).isEqualTo(200);
  }

  @Test
  void aPolicyThatNamesAListenerOfTheSetAloneHasNoEffectAndSaysSo(Cluster cluster) {
    Conditions.of(cluster, Conditions.POLICY, "gateways", "on-team")
        .awaitFalse("sets", "Accepted", "TargetNotFound");
    assertThat(status(team)).isEqualTo(200);
  }

  private static int status(Gateway listener) {
    return listener
        .send(Client.json(listener.url(Client.CHAT)).POST(BodyPublishers.ofString(ABOVE_1_KIB)))
        .status();
  }
}
