package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * The conditions that Pointsman writes into an object's status, for each Gateway.
 *
 * @param path of the object in the API
 */
record Conditions(Cluster cluster, String path) {
  static final String POOL = "/apis/inference.networking.k8s.io/v1/namespaces/%s/inferencepools/%s";
  static final String POLICY = "/apis/pointsman.dev/v1alpha1/namespaces/%s/inferencepolicies/%s";
  static final String OURS = "pointsman.dev/inference";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  static Conditions of(Cluster cluster, String kind, String namespace, String name) {
    return new Conditions(cluster, kind.formatted(namespace, name));
  }

  /** Waits until a condition is true. */
  void awaitTrue(String gateway, String type) {
    await(gateway, type, "True", "");
  }

  /** Waits until a condition is false, with that reason. */
  JsonNode awaitFalse(String gateway, String type, String reason) {
    return await(gateway, type, "False", reason);
  }

  private JsonNode await(String gateway, String type, String status, String reason) {
    Awaitility.await(path + ": " + type + " for the Gateway " + gateway)
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(find(gateway, type))
            .as(() -> cluster.get(path).path("status").toPrettyString())
            .hasValueSatisfying(it -> {
              assertThat(it.path("status").asString("")).isEqualTo(status);
              assertThat(it.path("reason").asString("")).contains(reason);
            }));
    return find(gateway, type).orElseThrow();
  }

  private Optional<JsonNode> find(String gateway, String type) {
    return entries(OURS)
        .filter(entry -> name(entry).equals(gateway))
        .flatMap(entry -> entry.path("conditions").valueStream())
        .filter(condition -> condition.path("type").asString("").equals(type))
        .findFirst();
  }

  /** The Gateways for which Pointsman says something. */
  List<String> parents() {
    return entries(OURS).map(Conditions::name).toList();
  }

  /** The controllers with an entry in the status. */
  List<String> controllers() {
    return Stream.concat(list("parents"), list("ancestors"))
        .map(entry -> entry.path("controllerName").asString(""))
        .distinct()
        .sorted()
        .toList();
  }

  private Stream<JsonNode> entries(String controller) {
    return Stream.concat(list("parents"), list("ancestors"))
        .filter(entry -> entry.path("controllerName").asString("").equals(controller));
  }

  private Stream<JsonNode> list(String field) {
    return cluster.get(path).path("status").path(field).valueStream();
  }

  private static String name(JsonNode entry) {
    JsonNode ref = entry.has("parentRef") ? entry.path("parentRef") : entry.path("ancestorRef");
    return ref.path("name").asString("");
  }
}
