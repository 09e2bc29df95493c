package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Settled;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Envoy Gateway does not repeat a translation that failed, and would keep the old configuration until one of its inputs
 * changes; a replica that starts requests it. Here the translations fail because the replicas take no message of their
 * size: a replica that is killed during a translation would lose it only now and then.
 */
@OnKubernetes
class LostTranslationIT {
  private static final String NAMESPACE = "lost-translation";
  private static final String GATEWAY = "lost-translation";
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int ROUTES = 10;
  private static final int MATCHES = 60; // in each of two rules
  private static final String LONG = "x".repeat(1_500); // of each match: the translation has 2 MB

  private static final String SIZE = "--max-message-size";
  /** The replicas accept 1 MiB more: enough for the other calls. */
  private static final String TOO_SMALL = "64Ki";

  private static final String REQUESTED = "requested a new translation from Envoy Gateway";

  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE).servers("any", 1);
    models.pool("any", "any");
    gateway = Gateway.make(cluster, GATEWAY, 8084);
    models.awaitReady("any");
    String routes = IntStream.range(0, ROUTES)
        .mapToObj(LostTranslationIT::manyMatches)
        .collect(Collectors.joining("---\n"));
    cluster.apply(NAMESPACE, routes);
    change("first");
    awaitSeen("first");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void aChangeArrivesAlthoughItsTranslationFailed(Cluster cluster) {
    PointsmanDeployment pointsman = new PointsmanDeployment(cluster);
    String usual = pointsman.option(SIZE);
    // All replicas at once: none may take the translations that the others refuse.
    pointsman.stop();
    pointsman.set(SIZE, TOO_SMALL);
    try {
      pointsman.start();
      double before = settledFailures(cluster);
      change("second");
      await("Envoy Gateway to read the change").atMost(LIMIT).until(() -> isRead(cluster));
      await("its translation to fail")
          .atMost(LIMIT)
          .until(() -> EnvoyGatewayMetrics.failedTranslations(cluster) > before);
      double _ = settledFailures(cluster);
      assertThat(isSeen("second")).isFalse();
    } finally {
      pointsman.stop();
      pointsman.set(SIZE, usual);
      pointsman.start();
    }
    awaitSeen("second");
    assertThat(cluster.pods(Cluster.SYSTEM, "app.kubernetes.io/name=pointsman"))
        .anySatisfy(pod -> assertThat(cluster.log(Cluster.SYSTEM, pod)).contains(REQUESTED));
  }

  /** The number of Envoy Gateway's failed translations, once nothing is translated any more. */
  private static double settledFailures(Cluster cluster) {
    return Settled.value(
        "no translation",
        Duration.ofSeconds(2),
        () -> EnvoyGatewayMetrics.failedTranslations(cluster));
  }

  /** Envoy Gateway writes this status as soon as it has read the change, before the translation. */
  private static boolean isRead(Cluster cluster) {
    JsonNode route = cluster.get(
        "/apis/gateway.networking.k8s.io/v1/namespaces/" + NAMESPACE + "/httproutes/main");
    return route.at("/status/parents/0/conditions/0/observedGeneration").asLong(0)
        == route.at("/metadata/generation").asLong(-1);
  }

  private static void change(String number) {
    models.cluster().apply(NAMESPACE, """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: main}
        spec:
          parentRefs: [{name: %s, namespace: gateways}]
          rules:
          - matches: [{headers: [{name: x-route, value: main}]}]
            filters:
            - {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-change, value: "%s"}]}}
            backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: any}
        """.formatted(GATEWAY, number));
  }

  private static String manyMatches(int number) {
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: many-%d}
        spec:
          parentRefs: [{name: %s, namespace: gateways}]
          rules:
        """.formatted(number, GATEWAY) + rule(number + "-a") + rule(number + "-b");
  }

  private static String rule(String prefix) {
    String matches = IntStream.range(0, MATCHES)
        .mapToObj(i -> "{headers: [{name: x-route, value: " + prefix + i + LONG + "}]}")
        .collect(Collectors.joining(", "));
    return """
          - matches: [%s]
            backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: any}
        """.formatted(matches);
  }

  private static void awaitSeen(String number) {
    await("the change " + number).atMost(LIMIT).until(() -> isSeen(number));
  }

  private static boolean isSeen(String number) {
    return gateway
        .send(Client.json(gateway.url(Client.CHAT))
            .header("x-route", "main")
            .POST(BodyPublishers.ofString(Client.body("any"))))
        .response()
        .headers()
        .firstValue("x-change")
        .filter(number::equals)
        .isPresent();
  }
}
