package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A pod, or a template of pods.
 *
 * @param pod the object with the pod's metadata and spec
 * @param path of that object in the manifest; empty for a Pod
 * @param replicas the number of pods; 1 for a Pod
 */
record Workload(
    Manifest manifest, JsonNode pod, String path, int replicas, Map<String, String> labels) {
  static Workload of(Manifest manifest, JsonNode pod, String path, int replicas) {
    Map<String, String> labels = new HashMap<>();
    pod.path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
    return new Workload(manifest, pod, path, replicas, labels);
  }

  /** The container of a template and its path. */
  record Container(JsonNode node, String path) {
    /** The flags of its command line, without their dashes; a flag without a value is {@code true}. */
    Map<String, String> flags() {
      List<String> words = new ArrayList<>();
      Stream.of("command", "args")
          .flatMap(list -> node.path(list).values().stream())
          .forEach(word -> words.add(word.asString("")));
      Map<String, String> flags = new HashMap<>();
      for (int i = 0; i < words.size(); i++) {
        String word = words.get(i);
        if (word.startsWith("-")) {
          String flag = word.replaceFirst("^--?", "");
          int equals = flag.indexOf('=');
          boolean alone = i + 1 == words.size() || words.get(i + 1).startsWith("-");
          if (equals >= 0) {
            flags.put(flag.substring(0, equals), flag.substring(equals + 1));
          } else {
            flags.put(flag, alone ? "true" : words.get(i + 1));
          }
        }
      }
      return flags;
    }

    /** The path of a word of the command line that has a text, or of the container. */
    String pathOf(String text) {
      return Manifests.items(node, path, "args").entrySet().stream()
          .filter(arg -> arg.getValue().asString("").contains(text))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(path);
    }
  }

  /** The path of a field of the pod in the manifest. */
  String path(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  String namespace() {
    return manifest.object().namespace();
  }

  /** The containers, sidecars included. */
  List<Container> containers() {
    return Stream.of("containers", "initContainers")
        .flatMap(list -> Manifests.items(pod.path("spec"), path("spec"), list).entrySet().stream())
        .map(one -> new Container(one.getValue(), one.getKey()))
        .toList();
  }

  /** The number of a container's port by its name; 0 if there is none. */
  int port(String name) {
    return containers().stream()
        .flatMap(container -> container.node().path("ports").values().stream())
        .filter(port -> port.path("name").asString("").equals(name))
        .mapToInt(port -> port.path("containerPort").asInt(0))
        .findFirst()
        .orElse(0);
  }

  /** Whether the selector selects the pods; an empty one selects none. */
  boolean isSelectedBy(Map<String, String> selector) {
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }
}
