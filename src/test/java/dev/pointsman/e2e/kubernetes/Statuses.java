package dev.pointsman.e2e.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The statuses that Pointsman has written for the pools and policies of a namespace. */
record Statuses(Cluster cluster, String namespace) {
  private static final List<String> KINDS = List.of(
      "/apis/inference.networking.k8s.io/v1/namespaces/%s/inferencepools",
      "/apis/pointsman.dev/v1alpha1/namespaces/%s/inferencepolicies");

  /** Everything that is not as it should be for the objects of now, in words. */
  List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    for (String kind : KINDS) {
      for (JsonNode object : cluster.get(kind.formatted(namespace)).path("items")) {
        String name = object.at("/metadata/name").asString("");
        List<JsonNode> ours = entries(object)
            .filter(entry -> entry.path("controllerName").asString("").equals(Conditions.OURS))
            .toList();
        boolean isUsed = !name.startsWith("pool-"); // of the churned pools some have no route
        if (ours.size() > 1 || (isUsed && ours.isEmpty())) {
          wrong.add(name + " has " + ours.size() + " entries");
        }
        ours.stream()
            .flatMap(entry -> entry.path("conditions").valueStream())
            .filter(condition -> isWrong(condition, object))
            .forEach(condition -> wrong.add(name + ": " + condition));
      }
    }
    return wrong;
  }

  private static Stream<JsonNode> entries(JsonNode object) {
    return Stream.of("parents", "ancestors")
        .flatMap(list -> object.path("status").path(list).valueStream());
  }

  /** Pools whose pods nobody runs may be without ready ones. */
  private static boolean isWrong(JsonNode condition, JsonNode object) {
    return condition.path("observedGeneration").asLong(-1)
            != object.at("/metadata/generation").asLong(0)
        || (!condition.path("type").asString("").equals("Ready")
            && !condition.path("status").asString("").equals("True"));
  }
}
