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

/**
 * Envoy Gateway does not repeat a translation of more than 256 KiB, and would keep the old configuration until one of its
 * inputs changes; a replica that starts asks for it.
 */
@OnKubernetes
class LostTranslationIT {
  private static final String NAMESPACE = "lost-translation";
  private static final String GATEWAY = "lost-translation";
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int ROUTES = 10;
  private static final int MATCHES = 60; // in each of two rules
  private static final int ATTEMPTS = 10;
  private static final int MOST_UNREPEATED = 256 * 1024;

  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void deploy(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE).servers("any", 1);
    models.pool("any", "any");
    gateway = Gateway.make(cluster, GATEWAY, 8084);
    models.awaitReady("any");
    change("first");
    awaitSeen("first");
    String routes = IntStream.range(0, ROUTES)
        .mapToObj(LostTranslationIT::manyMatches)
        .collect(Collectors.joining("---\n"));
    cluster.apply(NAMESPACE, routes);
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void aChangeArrivesAlthoughTheReplicaThatTranslatedItWasKilled(Cluster cluster) {
    cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      String number = "warm-" + attempt;
      change(number);
      Replica active = Replica.active(cluster);
      awaitSeen(number);
      double calls = callsOfOneTranslation(active, "learnt-" + attempt);

      long lost = lost(cluster);
      String change = "change-" + attempt;
      double before = active.calls("Route", "Endpoints");
      ProcessHandle process = active.process();
      change(change);
      while (active.calls("Route", "Endpoints") < before + calls) {
        Thread.onSpinWait(); // there is not much time between the last of these and the end
      }
      process.destroyForcibly();
      await("Envoy Gateway to have noticed")
          .atMost(LIMIT)
          .until(() -> lost(cluster) > lost || isSeen(change));
      boolean wasLost = lost(cluster) > lost;
      awaitSeen(change);
      cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
      if (wasLost) {
        System.out.printf(
            "attempt %d: the translation was lost, and %s arrived%n", attempt, change);
        return;
      }
    }
    throw new AssertionError("no translation was lost in " + ATTEMPTS + " attempts");
  }

  /** The number of calls before the Translation call, which has to be large. */
  private static double callsOfOneTranslation(Replica active, String number) {
    double _ = Settled.value(
        "no more calls",
        Duration.ofMillis(1500),
        () -> active.calls("Route", "Endpoints", "Translation"));
    double before = active.calls("Route", "Endpoints");
    double bytes = active.translatedBytes();
    double translations = active.calls("Translation");
    change(number);
    awaitSeen(number);
    assertThat(active.calls("Translation")).isEqualTo(translations + 1);
    assertThat(active.translatedBytes() - bytes).isGreaterThan(MOST_UNREPEATED);
    return active.calls("Route", "Endpoints") - before;
  }

  private static long lost(Cluster cluster) {
    return cluster.pods(Cluster.SYSTEM, "control-plane=envoy-gateway").stream()
        .flatMap(pod -> cluster.log(Cluster.SYSTEM, pod).lines())
        .filter(line -> line.contains("skipped publishing xds resources"))
        .count();
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
        .mapToObj(i -> "{headers: [{name: x-route, value: " + prefix + i + "}]}")
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
