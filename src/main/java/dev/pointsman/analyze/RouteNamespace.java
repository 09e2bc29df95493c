package dev.pointsman.analyze;

import dev.pointsman.analyze.Parents.Parent;
import dev.pointsman.kube.Manifest;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The namespace of a route.
 *
 * @param labels those that are known: the one that the API server gives each namespace always is
 * @param hasAll whether there are no others
 */
record RouteNamespace(String name, JsonNode labels, boolean hasAll) {
  static RouteNamespace of(Manifests manifests, Manifest route) {
    String name = route.object().namespace();
    Optional<Manifest> namespace = manifests.find("Namespace", name);
    ObjectNode labels = JsonMapper.shared().createObjectNode();
    namespace.ifPresent(one -> one.node()
        .at("/metadata/labels")
        .properties()
        .forEach(label -> labels.set(label.getKey(), label.getValue())));
    labels.put("kubernetes.io/metadata.name", name);
    return new RouteNamespace(name, labels, namespace.isPresent());
  }

  /** True if a listener takes routes of the namespace; empty if labels decide that are not known. */
  Optional<Boolean> isAllowed(JsonNode listener, Parent parent) {
    JsonNode allowed = listener.path("allowedRoutes").path("namespaces");
    JsonNode selector = allowed.path("selector");
    return switch (allowed.path("from").asString("Same")) {
      case "Same" -> Optional.of(name.equals(parent.namespace()));
      case "None" -> Optional.of(false);
      case "Selector" ->
        hasAll
            ? Optional.of(LabelSelector.selects(selector, labels))
            : LabelSelector.selectsByKnown(selector, labels);
      default -> Optional.of(true);
    };
  }
}
