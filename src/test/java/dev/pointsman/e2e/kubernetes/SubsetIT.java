package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A rule uses the pods of its pool with some label, chosen by a real picker; labels come and go while it serves. */
@OnKubernetes
class SubsetIT {
  private static final String NAMESPACE = "subset";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int REQUESTS = 20;
  private static final String UPDATES =
      "listener_manager.listener_modified|cluster_manager.cluster_modified|rds.*config_reload$";

  private static Gateway gateway;

  @BeforeAll
  static void install(Cluster cluster) {
    cluster.namespaces(NAMESPACE);
    cluster.apply(NAMESPACE, Cluster.manifests("high-availability"));
    cluster.kubectl("scale", "-n", NAMESPACE, "deployment/stable", "--replicas=3");
    cluster.awaitRollout(NAMESPACE, "deployment/stable");
    cluster.awaitRollout(NAMESPACE, "deployment/stable-picker");
    cluster.apply(NAMESPACE, """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: marked}
        spec:
          parentRefs: [{name: inference-gateway}]
          rules:
          - backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: stable}]
        ---
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: marked}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: marked}]
          subset:
            matchLabels: {track: canary}
        """);
    gateway = Gateway.await(cluster, NAMESPACE, "inference-gateway");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void podsThatGetAndLoseTheLabelServeAndServeNoMore(Cluster cluster) {
    List<String> pods = cluster.pods(NAMESPACE, "app=stable");
    awaitServing(Set.of());
    label(cluster, pods.getFirst(), "track=canary");
    awaitServing(Set.of(pods.getFirst()));
    ProxyPod proxy = ProxyPod.of(cluster, NAMESPACE, "inference-gateway");
    Map<String, Long> updates = proxy.counters(UPDATES);

    label(cluster, pods.get(1), "track=canary");
    awaitServing(Set.of(pods.getFirst(), pods.get(1)));
    label(cluster, pods.getFirst(), "track-");
    awaitServing(Set.of(pods.get(1)));
    cluster.kubectl("delete", "pod", pods.get(1), "-n", NAMESPACE, "--wait=false");
    awaitServing(Set.of());

    assertThat(proxy.counters(UPDATES))
        .as("changes of listeners, routes and clusters for a pod")
        .isEqualTo(updates);
    Answer refused = ask();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.response().body()).contains("no_endpoints_in_subset");
  }

  private static void label(Cluster cluster, String pod, String label) {
    cluster.kubectl("label", "pod", pod, "-n", NAMESPACE, label);
  }

  /** Waits until a number of requests is served by these pods, all of them; without pods, each gets a 503. */
  private static void awaitServing(Set<String> pods) {
    await("requests to be served by " + pods).atMost(LIMIT).untilAsserted(() -> {
      Set<String> served = new TreeSet<>();
      for (int i = 0; i < REQUESTS; i++) {
        Answer answer = ask();
        if (!pods.isEmpty() || answer.status() != 503) {
          assertThat(answer.status()).isEqualTo(200);
          served.add(answer.json().path("pod").asString(""));
        }
      }
      assertThat(served).isEqualTo(pods);
    });
  }

  /** Each request has another prompt: pickers send equal ones to the same pod. */
  private static Answer ask() {
    String body = Client.body("any").replace("who are you?", UUID.randomUUID().toString());
    return gateway.send(Client.json(gateway.url(Client.CHAT)).POST(BodyPublishers.ofString(body)));
  }
}
