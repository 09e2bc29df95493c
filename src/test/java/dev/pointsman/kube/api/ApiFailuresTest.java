package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.kube.api.StandInApiServer.Failure;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.ServiceRefusal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Failures of an API server. */
class ApiFailuresTest extends StandInFixture {
  @Test
  void goesOnWhereACutWatchEndedAndListsAgainWhenThatIsTooLongAgo() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.cut(PODS);
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    assertThat(asked(PODS + "?limit")).isOne();
    server.store(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true)); // missed
    server.send(
        PODS,
        StandInApiServer.event(
            "ERROR", "{\"kind\": \"Status\", \"code\": 410, \"message\": \"x\"}"));
    assertEndpoints("10.0.0.1", "10.0.0.2");
    assertThat(asked(PODS + "?limit")).isEqualTo(2);
    server.store(PODS, "qwen-2", pod("qwen-2", "10.0.0.3", true));
    server.fail(PODS, new Failure(410, 1, Map.of(), ""));
    server.cut(PODS);
    assertEndpoints("10.0.0.1", "10.0.0.2", "10.0.0.3");
  }

  /** As during an election of etcd's leader, or while a token is renewed: each list would be read from etcd. */
  @Test
  void watchesFromTheSameVersionWhereTheApiServerFailed() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    for (int code : new int[] {500, 401, 507}) {
      await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
      server.fail(PODS, new Failure(code, 3, Map.of(), "{\"message\": \"no leader\"}"));
      server.cut(PODS);
    }
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.put(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true));
    assertEndpoints("10.0.0.1", "10.0.0.2");
    assertThat(asked(PODS + "?limit")).as("lists").isOne();
  }

  /** An event that the API server cannot encode comes again at each watch from the version before it. */
  @Test
  void listsAgainWhereAWatchFailsTwiceAtTheSameEvent() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    server.store(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true)); // missed
    for (int i = 1; i <= 2; i++) {
      int watches = i;
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(server.watching(PODS)).isEqualTo(watches));
      assertThat(asked(PODS + "?limit")).isOne();
      server.send(
          PODS,
          StandInApiServer.event(
              "ERROR", "{\"kind\": \"Status\", \"code\": 500, \"message\": \"x\"}"));
    }
    assertEndpoints("10.0.0.1", "10.0.0.2");
    assertThat(asked(PODS + "?limit")).isEqualTo(2);
  }

  /** From the version before it the watch would begin with the same event again. */
  @Test
  void listsAgainWhereAnEventCannotBeRead() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.store(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true));
    server.send(PODS, "{\"type\": no JSON}");
    assertEndpoints("10.0.0.1", "10.0.0.2");
    assertThat(asked(PODS + "?limit")).isEqualTo(2);
  }

  @Test
  void waitsAsLongAsABusyApiServerAsks() throws Exception {
    server.fail(POOLS, new Failure(429, 1, Map.of("Retry-After", "2"), "busy"));
    run();
    await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofMillis(1500).plusSeconds(5))
        .untilAsserted(() -> {
          assertThat(source.synced()).isFalse();
          assertThat(asked(POOLS + "?limit")).isLessThanOrEqualTo(1);
        });
    assertEndpoints("10.0.0.1");
  }

  @Test
  void keepsWhatItKnowsOfAKindThatIsForbiddenLater() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.fail(PODS, new Failure(403, 1000, Map.of(), "{\"message\": \"no\"}"));
    server.cut(PODS);
    awaitProblem("Role of namespace ml", "resources: [\"pods\"]");
    assertEndpoints("10.0.0.1");
  }

  @Test
  void doesNotCallAPoolEmptyWhosePodsItMayNotRead() throws Exception {
    server.fail(PODS, new Failure(403, 1000, Map.of(), "{\"message\": \"no\"}"));
    server.fail(MODELS, new Failure(404, 1000, Map.of(), "404 page not found"));
    run();
    await().atMost(SOON).untilAsserted(() -> assertThat(source.synced()).isTrue());
    assertThat(source.get().pools()).containsKey(POOL);
    assertThat(source.get().endpointsOf(POOL)).isEmpty();
  }

  @Test
  void doesNotCallAPickersPortMissingWhosePodsItMayNotRead() throws Exception {
    server.store(SERVICES, "picker", """
        {"metadata": {"name": "picker", "namespace": "ml", "resourceVersion": "VERSION"},
         "spec": {"selector": {"app": "picker"}, "ports": [{"port": 9002}]}}
        """);
    server.fail(PODS, new Failure(403, 1000, Map.of(), "{\"message\": \"no\"}"));
    run();
    await().atMost(SOON).untilAsserted(() -> assertThat(source.synced()).isTrue());
    assertThat(source.get().refusal(new ServicePort("ml", "picker", 9002))).isEmpty();
    assertThat(source.get().refusal(new ServicePort("ml", "picker", 9003)))
        .contains(ServiceRefusal.NO_PORT);
  }

  @Test
  void namesAKindThatIsNotServedUntilItIs() throws Exception {
    server.fail(GATEWAYS, new Failure(404, 1, Map.of(), "404 page not found"));
    run();
    assertEndpoints("10.0.0.1");
    awaitProblem("the cluster does not serve gateways.gateway.networking.k8s.io: apply");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(source.state().problems()).isEmpty());
  }

  @Test
  void waitsForAKindThatTheApiServerFailsToGive() throws Exception {
    server.fail(SLICES, new Failure(500, 3, Map.of(), "{\"message\": \"conversion failed\"}"));
    run();
    awaitProblem("conversion failed");
    assertEndpoints("10.0.0.1");
    assertThat(source.state().problems()).isEmpty();
  }

  @Test
  void aGatewayThatMayNotBeReadIsNotGone() throws Exception {
    server.fail(GATEWAYS, new Failure(403, 1000, Map.of(), "{\"message\": \"no\"}"));
    run();
    assertEndpoints("10.0.0.1"); // everything is settled
    assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isFalse();
  }

  @Test
  void readsATokenAgainThatWasRenewed() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    Files.writeString(folder.resolve("token"), "second");
    server.fail(PODS, new Failure(401, 1, Map.of(), "{\"message\": \"Unauthorized\"}"));
    server.cut(PODS);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(asked("Bearer second")).as("%s", server.requests()).isPositive());
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
  }

  @Test
  void survivesWhatIsNoAnswerOfAnApiServer() throws Exception {
    server.fail(POOLS, new Failure(200, 2, Map.of(), "<html>not what you expect</html>"));
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.send(PODS, "{\"type\": \"ADDED\", \"object\": null}\n{\"type\": 7}\n[]");
    server.send(PODS, "no JSON at all {{{");
    server.store(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true));
    await().atMost(SOON).untilAsserted(() -> assertThat(asked(PODS + "?watch")).isGreaterThan(1));
    server.cut(PODS);
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.put(PODS, "qwen-2", pod("qwen-2", "10.0.0.3", true));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(source.get().endpointsOf(POOL).orElseThrow())
            .contains(new Endpoint("10.0.0.3", 8000)));
  }
}
