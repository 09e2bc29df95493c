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
 * @param initialRoutes the copies in front of routes at which requests for a model may arrive first, by the route's place
 * @param refused the places of the routes whose models must not be served
 * @param loops the tokens of its loops
 * @param held where bodies are held that are not read
 */
public record HostChange(
    Optional<BodyReading> reading,
    Map<Integer, List<InitialRouteCopy>> initialRoutes,
    BitSet refused,
    LoopTokens loops,
    HeldBodies held) {
  /** What becomes of each route, in their order; empty for one that stays as it came. */
  public List<Optional<RouteChange>> changes(PlannedRoutes slots) {
    List<Optional<RouteChange>> changes = new ArrayList<>(slots.list().size());
    for (PlannedRoute slot : slots.list()) {
      int place = changes.size();
      changes.add(change(slot, initialRoutes.getOrDefault(place, List.of()), refused.get(place)));
    }
    return changes;
  }

  private Optional<RouteChange> change(
      PlannedRoute slot, List<InitialRouteCopy> copies, boolean isRefused) {
    if (reading.isPresent() && (slot.bringsModels() || !copies.isEmpty())) {
      return Optional.of(change(slot, copies, reading, isRefused));
    }
    // No request for a model meets it; it may carry a record of ours.
    return slot.facts()
        .filter(facts ->
            facts.isPreflight() || !facts.pools().isEmpty() || !facts.policies().isEmpty())
        .map(_ -> change(slot, List.of(), Optional.empty(), false));
  }

  private RouteChange change(
      PlannedRoute slot,
      List<InitialRouteCopy> copies,
      Optional<BodyReading> own,
      boolean isRefused) {
    return new RouteChange(
        slot.plan(),
        slot.policy(),
        slot.canEjectHosts(),
        slot.takesLargeBodies(),
        copies,
        own,
        isRefused,
        loops,
        held);
  }
}
