package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A configuration of Envoy Gateway.
 *
 * @param manifest an EnvoyGateway object, or a ConfigMap that has one as a text
 * @param path of that text; empty for an EnvoyGateway object
 * @param config the EnvoyGateway object
 */
record HookConfig(Manifest manifest, String path, JsonNode config) {
  /**
   * A kind that Envoy Gateway watches for its extension server.
   *
   * @param list the list that names it, {@code backendResources} or {@code policyResources}
   */
  record WatchedKind(String list, String group, String version, String kind) {
    /** The name of the CustomResourceDefinition. */
    String crd() {
      String lower = kind.toLowerCase(Locale.ROOT);
      String plural =
          lower.endsWith("y") ? lower.substring(0, lower.length() - 1) + "ies" : lower + "s";
      return plural + "." + group;
    }
  }

  /** The block of the extension server that gets pools; empty if there is none. */
  Optional<JsonNode> extensionManager() {
    return Stream.concat(
            Stream.of(config.path("extensionManager")),
            config.path("extensionManagers").values().stream())
        .filter(JsonNode::isObject)
        .filter(one -> config.has("extensionManager") || one.toString().contains("InferencePool"))
        .findFirst();
  }

  /** The hooks after translation that Envoy Gateway calls. */
  Set<String> hooks() {
    Set<String> hooks = new TreeSet<>();
    translator().path("post").forEach(hook -> hooks.add(hook.asString("")));
    return hooks;
  }

  private JsonNode translator() {
    return extensionManager()
        .map(manager -> manager.path("hooks").path("xdsTranslator"))
        .orElse(config.path("none"));
  }

  /** Whether all resources of a type are sent to the Translation hook. */
  boolean includesAll(String type) {
    boolean usual = type.equals("cluster") || type.equals("secret");
    return translator().path("translation").path(type).path("includeAll").asBoolean(usual);
  }

  /** The kinds of the block. */
  List<WatchedKind> kinds() {
    return extensionManager().stream()
        .flatMap(manager -> Stream.of("backendResources", "policyResources")
            .flatMap(list -> manager.path(list).values().stream()
                .map(one -> new WatchedKind(
                    list,
                    one.path("group").asString(""),
                    one.path("version").asString(""),
                    one.path("kind").asString("")))))
        .toList();
  }

  /** The path of a field of the EnvoyGateway object in the manifest. */
  String field(String name) {
    return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
  }
}
