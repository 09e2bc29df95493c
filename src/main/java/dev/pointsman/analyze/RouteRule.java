package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.ModelHeader;
import dev.pointsman.model.PoolRef;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A rule of an HTTPRoute and its path in it. */
record RouteRule(Manifest route, JsonNode node, String path) {
  /** A backend of a route, a rule's own or a filter's. */
  record RouteBackend(Manifest route, JsonNode node, String path) {
    private static final List<String> POOL_GROUPS = List.of(PoolRef.V1, PoolRef.V1ALPHA2);

    boolean isPool() {
      return node.path("kind").asString("").equals("InferencePool")
          && POOL_GROUPS.contains(node.path("group").asString(""));
    }

    PoolRef pool() {
      return new PoolRef(
          node.path("group").asString(""),
          node.path("namespace").asString(route.object().namespace()),
          node.path("name").asString(""));
    }

    int weight() {
      return node.path("weight").asInt(1);
    }
  }

  /** The rules of a route. */
  static Stream<RouteRule> of(Manifest route) {
    return Manifests.items(route.node().path("spec"), "spec", "rules").entrySet().stream()
        .map(rule -> new RouteRule(route, rule.getValue(), rule.getKey()));
  }

  String namespace() {
    return route.object().namespace();
  }

  /** The rule's name; empty if it has none. */
  String name() {
    return node.path("name").asString("");
  }

  List<RouteBackend> backends() {
    return backends(route, node, path);
  }

  /** The backends of a rule of any route. */
  static List<RouteBackend> backends(Manifest route, JsonNode rule, String path) {
    return Manifests.items(rule, path, "backendRefs").entrySet().stream()
        .map(ref -> new RouteBackend(route, ref.getValue(), ref.getKey()))
        .toList();
  }

  /** The backends that are pools. */
  List<RouteBackend> pools() {
    return backends().stream().filter(RouteBackend::isPool).toList();
  }

  /** The filters by their paths. */
  Map<String, JsonNode> filters() {
    return Manifests.items(node, path, "filters");
  }

  /** The backends of RequestMirror filters, with those of other filters empty. */
  List<RouteBackend> mirrors() {
    return filters().entrySet().stream()
        .map(filter -> new RouteBackend(
            route,
            filter.getValue().path("requestMirror").path("backendRef"),
            filter.getKey() + ".requestMirror.backendRef"))
        .toList();
  }

  /** The matches by their paths. */
  Map<String, JsonNode> matches() {
    return Manifests.items(node, path, "matches");
  }

  /** Whether a match asks for a model. */
  boolean asksForModel() {
    return matches().values().stream()
        .anyMatch(match -> hasHeader(match, ModelHeader.NAME, ModelHeader.BASE_NAME));
  }

  private static boolean hasHeader(JsonNode match, String... names) {
    return match.path("headers").values().stream()
        .map(header -> header.path("name").asString("").toLowerCase(Locale.ROOT))
        .anyMatch(List.of(names)::contains);
  }

  /** Whether the rule leads to a pool or asks for a model. */
  boolean isRelevant() {
    return !pools().isEmpty() || asksForModel();
  }
}
