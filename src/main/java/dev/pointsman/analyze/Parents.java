package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The parents of a route. */
final class Parents {
  private Parents() {}

  /**
   * A reference to a Gateway.
   *
   * @param path of the reference in the route
   * @param section the listener's name; empty for all
   * @param port the listener's port; 0 for all
   */
  record Parent(String path, String kind, String namespace, String name, String section, int port) {
    boolean isGateway(String gatewayNamespace, String gateway) {
      return kind.equals("Gateway") && namespace.equals(gatewayNamespace) && name.equals(gateway);
    }
  }

  static List<Parent> of(Manifest route) {
    return Manifests.items(route.node().path("spec"), "spec", "parentRefs").entrySet().stream()
        .map(one -> {
          JsonNode ref = one.getValue();
          return new Parent(
              one.getKey(),
              ref.path("kind").asString("Gateway"),
              ref.path("namespace").asString(route.object().namespace()),
              ref.path("name").asString(""),
              ref.path("sectionName").asString(""),
              ref.path("port").asInt(0));
        })
        .toList();
  }
}
