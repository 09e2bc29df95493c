package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What statuses depend on: the snapshot, and whole objects where their status or more than the snapshot's part of their
 * spec matters.
 *
 * @param namespaces the only ones that we see objects of; empty: all
 * @param pools InferencePools of both groups
 * @param routes HTTPRoutes
 */
public record StatusInputs(
    ClusterSnapshot snapshot,
    Set<String> namespaces,
    List<JsonNode> pools,
    List<JsonNode> routes,
    List<JsonNode> gateways,
    List<JsonNode> services,
    List<JsonNode> policies) {
  public StatusInputs {
    namespaces = Set.copyOf(namespaces);
    pools = List.copyOf(pools);
    routes = List.copyOf(routes);
    gateways = List.copyOf(gateways);
    services = List.copyOf(services);
    policies = List.copyOf(policies);
  }

  /** Whether an object of the namespace that we do not see is not there. */
  boolean sees(String namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }
}
