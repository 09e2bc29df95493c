package dev.pointsman.status;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The existing Gateways, and the subset that Envoy Gateway manages. */
final class Gateways {
  private final StatusInputs inputs;
  private final Map<ParentRef, JsonNode> known = new HashMap<>();
  private final Set<ParentRef> ours = new HashSet<>();

  Gateways(StatusInputs inputs) {
    this.inputs = inputs;
    for (JsonNode gateway : inputs.gateways()) {
      Meta meta = Meta.of(gateway);
      known.put(ParentRef.gateway(meta.namespace(), meta.name()), gateway);
    }
    // Envoy Gateway writes an entry for each Gateway that a policy is attached to, also without a
    // route.
    for (JsonNode policy : inputs.policies()) {
      for (JsonNode ancestor : policy.path("status").path("ancestors")) {
        if (AttachedRoute.isEnvoyGateways(ancestor)) {
          ours.add(ParentRef.of(ancestor.path("ancestorRef"), Meta.of(policy).namespace()));
        }
      }
    }
  }

  /** Adds the Gateways of attached routes, which Envoy Gateway manages. */
  void add(List<AttachedRoute> routes) {
    routes.forEach(route -> ours.addAll(route.gateways().keySet()));
  }

  /** Whether the Gateway exists or is in a namespace that is not watched. */
  boolean mayExist(ParentRef gateway) {
    return known.containsKey(gateway) || !inputs.sees(gateway.namespace());
  }

  boolean isEnvoyGateways(ParentRef gateway) {
    return ours.contains(gateway);
  }

  /** Whether the Gateway has a listener of that name or is in a namespace that is not watched. */
  boolean mayHaveListener(ParentRef gateway, String listener) {
    JsonNode object = known.get(gateway);
    return object == null
        || object.path("spec").path("listeners").values().stream()
            .anyMatch(one -> one.path("name").asString("").equals(listener));
  }
}
