package dev.pointsman.xds;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a virtual host as a whole asks of some of its routes. Together with them it says everything that their changes
 * depend on.
 *
 * @param reading how models are read; empty where they are not
 * @param initialRouteCopies the copies in front of routes at which requests for a model may arrive first, by the route's place
 * @param refused the places of the routes whose models must not be served
 * @param loops the tokens of its loops
 * @param buffered where bodies are held that are not read
 */
public record HostChange(
    Optional<BodyReading> reading,
    Map<Integer, List<InitialRouteCopy>> initialRouteCopies,
    BitSet refused,
    LoopTokens loops,
    BufferedBodies buffered) {
  /** What becomes of each route, in their order; empty for one that stays as it came. */
  public List<Optional<RouteChange>> changes(PlannedRoutes routes) {
    List<Optional<RouteChange>> changes = new ArrayList<>(routes.list().size());
    for (PlannedRoute route : routes.list()) {
      int index = changes.size();
      changes.add(
          change(route, initialRouteCopies.getOrDefault(index, List.of()), refused.get(index)));
    }
    return changes;
  }

  private Optional<RouteChange> change(
      PlannedRoute route, List<InitialRouteCopy> copies, boolean isRefused) {
    if (reading.isPresent() && (route.hasModels() || !copies.isEmpty())) {
      return Optional.of(change(route, copies, reading, isRefused));
    }
    // No request for a model meets it; it may carry a record of ours.
    return route
        .facts()
        .filter(facts ->
            facts.isPreflight() || !facts.pools().isEmpty() || !facts.policies().isEmpty())
        .map(_ -> change(route, List.of(), Optional.empty(), false));
  }

  private RouteChange change(
      PlannedRoute route,
      List<InitialRouteCopy> copies,
      Optional<BodyReading> own,
      boolean isRefused) {
    return new RouteChange(
        route.plan(),
        route.policy(),
        route.canEjectHosts(),
        route.takesLargeBodies(),
        copies,
        own,
        isRefused,
        loops,
        buffered);
  }
}
