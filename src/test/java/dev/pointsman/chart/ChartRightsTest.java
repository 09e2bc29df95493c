package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The chart gives no right that no test needs: the named tests run on a real API server, with these rights alone. */
class ChartRightsTest {
  /** The verbs on a resource, and the test that fails without them. */
  private static final Map<String, String> NEEDED = new TreeMap<>(Map.ofEntries(
      Map.entry("pods: list, watch", "SourcePermissionsIT"),
      Map.entry("configmaps: list, watch", "SourcePermissionsIT"),
      Map.entry("services: list, watch", "SourcePermissionsIT"),
      Map.entry("endpointslices.discovery.k8s.io: list, watch", "SourcePermissionsIT"),
      Map.entry("gateways.gateway.networking.k8s.io: list, watch", "StatusesIT"),
      Map.entry("httproutes.gateway.networking.k8s.io: list, watch", "StatusesIT"),
      Map.entry("referencegrants.gateway.networking.k8s.io: list, watch", "SourcePermissionsIT"),
      Map.entry(
          "inferencemodels.inference.networking.x-k8s.io: list, watch", "SourcePermissionsIT"),
      Map.entry("inferencepools.inference.networking.k8s.io: get, list, watch", "StatusesIT"),
      Map.entry("inferencepools.inference.networking.x-k8s.io: get, list, watch", "StatusesIT"),
      Map.entry("inferencepolicies.pointsman.dev: create, get, list, watch", "StatusReplicasIT"),
      Map.entry(
          "inferencepolicies.pointsman.dev pointsman-request-translation: delete",
          "StatusReplicasIT"),
      Map.entry("inferencepools/status.inference.networking.k8s.io: update", "StatusesIT"),
      Map.entry("inferencepools/status.inference.networking.x-k8s.io: update", "StatusesIT"),
      Map.entry("inferencepolicies/status.pointsman.dev: update", "StatusesIT"),
      Map.entry("events.events.k8s.io: create", "StatusesIT"),
      Map.entry("leases.coordination.k8s.io: create", "StatusReplicasIT"),
      Map.entry(
          "leases.coordination.k8s.io pointsman.dev-status: get, update", "StatusReplicasIT")));

  @Test
  void everyRightIsNeeded() throws IOException {
    assertThat(rights(Path.of("testdata/chart/default/rendered.yaml")))
        .containsExactlyElementsOf(NEEDED.keySet());
  }

  @Test
  void theTestsAreThere() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(NEEDED.values()).allSatisfy(test -> assertThat(names).contains(test + ".java"));
    }
  }

  /** The rights of Pointsman's own account, a line for each resource. */
  private static SortedSet<String> rights(Path manifests) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> read =
        YAMLMapper.shared().readerFor(JsonNode.class).readValues(manifests.toFile())) {
      read.forEachRemaining(objects::add);
    }
    SortedSet<String> roles = new TreeSet<>();
    for (JsonNode object : objects) {
      if (object.at("/subjects/0/name").asString("").equals("pointsman")) {
        roles.add(object.at("/roleRef/name").asString(""));
      }
    }
    Map<String, SortedSet<String>> verbs = new TreeMap<>();
    for (JsonNode object : objects) {
      if (object.has("rules") && roles.contains(object.at("/metadata/name").asString(""))) {
        object.path("rules").forEach(rule -> add(rule, verbs));
      }
    }
    SortedSet<String> rights = new TreeSet<>();
    verbs.forEach((resource, allowed) -> rights.add(resource + ": " + String.join(", ", allowed)));
    return rights;
  }

  private static void add(JsonNode rule, Map<String, SortedSet<String>> verbs) {
    JsonNode names = rule.path("resourceNames");
    for (JsonNode group : rule.path("apiGroups")) {
      for (JsonNode resource : rule.path("resources")) {
        String key = resource.asString("")
            + (group.asString("").isEmpty() ? "" : "." + group.asString(""))
            + (names.isEmpty() ? "" : " " + names.path(0).asString(""));
        rule.path("verbs")
            .forEach(
                verb -> verbs.computeIfAbsent(key, _ -> new TreeSet<>()).add(verb.asString("")));
      }
    }
  }
}
