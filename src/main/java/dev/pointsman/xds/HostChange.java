package dev.pointsman.xds;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of routes' changes that depends on the whole virtual host. This record and the routes are all inputs of
 * their changes.
 *
 * @param reading the extraction; empty if no models are read
 * @param initialRouteCopies the copies of initial routes, by the route's index
 * @param refused the indexes of the routes whose models must not be served
 * @param loops the tokens of its loops
 * @param buffered the sources of large bodies that are not read
 * @param pausing users' filters that must not share a filter chain with a picker
 */
public record HostChange(
    Optional<BodyReading> reading,
    Map<Integer, List<InitialRouteCopy>> initialRouteCopies,
    BitSet refused,
    LoopTokens loops,
    BufferedBodies buffered,
    PausingFilters pausing) {
  /** The change of each route, in their order; empty for a route that stays as it is. */
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
    // No request for a model matches it, but it may carry a record.
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
        buffered,
        pausing);
  }
}
