package dev.pointsman.analyze;

import dev.pointsman.analyze.Parents.Parent;
import dev.pointsman.kube.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The listeners that a route is attached to by one of its parents.
 *
 * @param refusal the reason if there are none, beginning with a verb
 */
record AttachedListeners(List<AttachedListener> listeners, Optional<String> refusal) {
  /**
   * A listener that takes a route.
   *
   * @param isSure whether it is known that it does; else the labels of the route's namespace decide
   */
  record AttachedListener(JsonNode node, boolean isSure) {}

  private static AttachedListeners refused(String why) {
    return new AttachedListeners(List.of(), Optional.of(why));
  }

  /** Attaches a route to a Gateway that one of its parents names. */
  static AttachedListeners of(
      Manifests manifests, Manifest route, Parent parent, Manifest gateway) {
    String name = "Gateway " + parent.namespace() + "/" + parent.name();
    List<JsonNode> left = named(gateway, parent);
    if (left.isEmpty()) {
      return refused("names "
          + (parent.section().isEmpty() ? "a listener" : "listener " + parent.section())
          + (parent.port() == 0 ? "" : " with port " + parent.port()) + ", which " + name
          + " does not have");
    }
    RouteNamespace namespace = RouteNamespace.of(manifests, route);
    Map<String, Predicate<JsonNode>> conditions =
        new LinkedHashMap<>(); // by the reason if no listener meets it
    conditions.put(
        "whose listeners take no HTTPRoutes, by their protocol or allowedRoutes.kinds",
        AttachedListeners::takesHttp);
    conditions.put(
        "whose HTTPS listener has no tls.certificateRefs and so does not listen",
        AttachedListeners::listens);
    conditions.put(
        "whose allowedRoutes exclude namespace " + namespace.name(),
        one -> namespace.isAllowed(one, parent).orElse(true));
    conditions.put(
        "whose listeners for namespace " + namespace.name() + " have none of the hostnames",
        one -> !Listeners.hostnames(one, route).isEmpty());
    for (Map.Entry<String, Predicate<JsonNode>> condition : conditions.entrySet()) {
      left = left.stream().filter(condition.getValue()).toList();
      if (left.isEmpty()) {
        return refused("names " + name + ", " + condition.getKey());
      }
    }
    return new AttachedListeners(
        left.stream()
            .map(one ->
                new AttachedListener(one, namespace.isAllowed(one, parent).isPresent()))
            .toList(),
        Optional.empty());
  }

  private static List<JsonNode> named(Manifest gateway, Parent parent) {
    return gateway.node().path("spec").path("listeners").values().stream()
        .filter(one ->
            parent.section().isEmpty() || one.path("name").asString("").equals(parent.section()))
        .filter(one -> parent.port() == 0 || one.path("port").asInt(0) == parent.port())
        .toList();
  }

  private static boolean takesHttp(JsonNode listener) {
    JsonNode kinds = listener.path("allowedRoutes").path("kinds");
    return List.of("HTTP", "HTTPS").contains(listener.path("protocol").asString("HTTP"))
        && (kinds.isEmpty()
            || kinds.values().stream()
                .anyMatch(kind -> kind.path("kind").asString("").equals("HTTPRoute")));
  }

  private static boolean listens(JsonNode listener) {
    return !listener.path("protocol").asString("").equals("HTTPS")
        || !listener.path("tls").path("mode").asString("Terminate").equals("Terminate")
        || !listener.path("tls").path("certificateRefs").isEmpty();
  }
}
