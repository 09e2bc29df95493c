package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A pool with its picker as the Inference Extension's own chart installs them: the real picker chooses the pods. */
@OnKubernetes
class PickerIT {
  private static final String NAMESPACE = "picked";
  private static final int MIB = 1 << 20;
  private static Models models;
  private static Gateway gateway;

  @BeforeAll
  static void install(Cluster cluster) {
    models = Models.in(cluster, NAMESPACE).servers("picked", 3, "standby");
    models.picked("picked").route("shared", "picked", "picked");
    gateway = Gateway.shared(cluster);
    models.awaitReady("picked", "picked-epp");
    gateway.awaitServed("picked", "picked-");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  /** The model server repeats the message. */
  @Test
  void largeBodyArrivesWhole() {
    String message = "01234567".repeat(5 * MIB / 8);
    Answer answer = gateway.send(Client.json(gateway.url(Client.CHAT))
        .POST(BodyPublishers.ofString("""
        {"model":"picked","messages":[{"role":"user","content":"%s"}]}""".formatted(message))));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/choices/0/message/content").asString()).isEqualTo(message);
  }

  @Test
  void rollingRestart(Cluster cluster) {
    List<String> before = cluster.pods(NAMESPACE, "app=picked");
    try (Load users = Load.on(gateway, "picked", 20)) {
      cluster.kubectl("rollout", "restart", "-n", NAMESPACE, "deployment/picked");
      models.awaitReady("picked");
      awaitPods(cluster, 3); // the old ones have gone
      users.stopWithoutFailure("the rolling restart of a model server");
    }
    assertThat(cluster.pods(NAMESPACE, "app=picked")).doesNotContainAnyElementsOf(before);
  }

  @Test
  void scaledDownAndUp(Cluster cluster) {
    try (Load users = Load.on(gateway, "picked", 20)) {
      cluster.kubectl("scale", "-n", NAMESPACE, "deployment/picked", "--replicas=1");
      awaitPods(cluster, 1);
      cluster.kubectl("scale", "-n", NAMESPACE, "deployment/picked", "--replicas=3");
      models.awaitReady("picked");
      users.stopWithoutFailure("scaling a model server from 3 to 1 and back");
    }
  }

  /** A Service may publish addresses that are not ready; their endpoints are ready then, and not serving. */
  @Test
  void standbyPickerIsNotAsked(Cluster cluster) {
    models.apply("standby-picker.yaml", Map.of()).route("shared", "standby", "standby");
    models.awaitReady("duty-epp");
    await("the standby to be published")
        .atMost(Duration.ofSeconds(60))
        .until(() -> cluster
            .get("/apis/discovery.k8s.io/v1/namespaces/" + NAMESPACE
                + "/endpointslices?labelSelector=kubernetes.io/service-name=standby-epp")
            .findValues("conditions")
            .stream()
            .anyMatch(conditions -> conditions.path("ready").asBoolean()
                && !conditions.path("serving").asBoolean()));
    await("the standby to listen").atMost(Duration.ofSeconds(60)).until(() -> {
      try {
        return callsOf(cluster, "role=standby").isArray();
      } catch (KubernetesClientException refused) {
        return false;
      }
    });
    gateway.awaitServed("standby", "picked-");
    for (int i = 0; i < 20; i++) {
      assertThat(gateway.chat("standby").status()).isEqualTo(200);
    }
    assertThat(callsOf(cluster, "role=duty")).isNotEmpty();
    assertThat(callsOf(cluster, "role=standby")).isEmpty();
  }

  private static JsonNode callsOf(Cluster cluster, String pickers) {
    return cluster.get("/api/v1/namespaces/" + NAMESPACE + "/pods/"
        + cluster.pods(NAMESPACE, pickers).getFirst() + ":9012/proxy/calls");
  }

  /** Until there are so many, those that are about to go included. */
  private static void awaitPods(Cluster cluster, int count) {
    await(count + " pods of the model server")
        .atMost(Duration.ofSeconds(60))
        .until(() -> cluster
                .api()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("app", "picked")
                .list()
                .getItems()
                .size()
            == count);
  }
}
