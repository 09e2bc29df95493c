package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The inputs of statuses: the snapshot, and the whole objects whose status or full spec is needed.
 *
 * @param namespaces the watched namespaces; empty: all
 * @param classPolicies the namespace whose InferencePolicies may target a GatewayClass
 * @param pools InferencePools of both groups
 * @param routes HTTPRoutes
 */
public record StatusInputs(
    ClusterSnapshot snapshot,
    Set<String> namespaces,
    String classPolicies,
    List<JsonNode> pools,
    List<JsonNode> routes,
    List<JsonNode> gateways,
    List<JsonNode> policies) {
  public StatusInputs {
    namespaces = Set.copyOf(namespaces);
    pools = List.copyOf(pools);
    routes = List.copyOf(routes);
    gateways = List.copyOf(gateways);
    policies = List.copyOf(policies);
  }

  /** Whether the namespace is watched, so that an object that is not found does not exist. */
  boolean sees(String namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }
}
