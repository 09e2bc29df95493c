package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Envoy Gateway's global rate limit charges the tokens of responses, by model and by user. */
@OnKubernetes
class TokenBudgetIT {
  private static final String NAMESPACE = "budget";
  private static final String GATEWAY = "budget";
  private static final String REDIS = "redis";
  private static final int BUDGET = 30;
  private static final int ANSWER = 13; // 9 of the prompt; the model server repeats the message
  private static final String FOUR_TOKENS = "who are you x";
  private static final int LARGE = 5_000_000;
  private static final String STREAM =
      "\"stream\":true,\"stream_options\":{\"include_usage\":true},";
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /** Envoy reports the tokens after the response. */
  private static final int CHARGED_AFTER_SECONDS = 2;

  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    cluster.namespaces(REDIS);
    cluster.apply(REDIS, Cluster.manifests("redis.yaml"));
    cluster.awaitRollout(REDIS, "deployment/redis");
    cluster.helm(
        "upgrade",
        "eg",
        Commands.run(Map.of(), "", "hack/envoy-gateway-chart.sh", List.of()).strip(),
        "-n",
        Cluster.SYSTEM,
        "--reset-then-reuse-values",
        "--set",
        "config.envoyGateway.rateLimit.timeout=2s",
        "--set",
        "config.envoyGateway.rateLimit.backend.type=Redis",
        "--set",
        "config.envoyGateway.rateLimit.backend.redis.url=redis.redis.svc.cluster.local:6379");
    cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, "deployment/envoy-gateway");
    cluster.awaitRollout(Cluster.SYSTEM, "deployment/envoy-gateway");
    Models models = Models.in(cluster, NAMESPACE)
        .servers("counted", 1, "small", "other")
        .pool("counted", "counted");
    gateway = Gateway.make(cluster, GATEWAY, 8090);
    models.apply("token-budget.yaml", Map.of("GATEWAY", GATEWAY)).awaitReady("counted");
    await("the rate limit service")
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(cluster.kubectl("get", "deployments", "-n", Cluster.SYSTEM))
            .contains("envoy-ratelimit"));
    cluster.awaitRollout(Cluster.SYSTEM, "deployment/envoy-ratelimit");
    await("the budget").atMost(LIMIT).until(() -> remaining(ask("nobody", "small", "", 0)) >= 0);
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE, REDIS);
    cluster.kubectl("delete", "gateway/budget", "-n", "gateways", "--ignore-not-found");
  }

  @Test
  void aUsersBudgetForAModelEnds() {
    assertThat(remaining(ask("ann", "small", "", 0))).isEqualTo(BUDGET);
    assertThat(remaining(ask("ann", "small", STREAM, 0))).isEqualTo(BUDGET - ANSWER);
    assertThat(remaining(ask("ann", "small", STREAM, 0))).isEqualTo(BUDGET - 2 * ANSWER);
    assertThat(ask("ann", "small", "", 0).status()).isEqualTo(429);
    assertThat(remaining(ask("ann", "other", "", 0))).as("another model").isEqualTo(BUDGET);
    assertThat(remaining(ask("bob", "small", "", 0))).as("another user").isEqualTo(BUDGET);
  }

  /** A large body passes the proxy twice, and its response counts once. */
  @Test
  void largeBodiesCountOnce() {
    assertThat(ask("large", "small", "", LARGE).status()).isEqualTo(200);
    assertThat(ask("large", "small", STREAM, LARGE).status()).isEqualTo(200);
    assertThat(remaining(ask("large", "small", "", 0))).isEqualTo(BUDGET - 2 * ANSWER);
    assertThat(ask("large", "small", "", LARGE).status()).isEqualTo(429);
  }

  @Test
  void aStreamWithoutUsageCostsNothing() {
    assertThat(remaining(ask("silent", "small", "\"stream\":true,", 0))).isEqualTo(BUDGET);
    assertThat(remaining(ask("silent", "small", "", 0))).isEqualTo(BUDGET);
  }

  private static Answer ask(String user, String model, String fields, int bytes) {
    String body = """
        {%s"model":"%s","messages":[{"role":"user","content":"%s"}]}""".formatted(fields, model, FOUR_TOKENS + "x".repeat(bytes));
    Answer answer = gateway.send(Client.json(gateway.url(Client.CHAT))
        .header("x-user", user)
        .POST(BodyPublishers.ofString(body)));
    try {
      TimeUnit.SECONDS.sleep(CHARGED_AFTER_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return answer;
  }

  /** The tokens that were left for the request; -1 if nothing counts them. */
  private static int remaining(Answer answer) {
    return answer.status() == 200
        ? answer
            .response()
            .headers()
            .firstValue("x-ratelimit-remaining")
            .map(Integer::parseInt)
            .orElse(-1)
        : -1;
  }
}
