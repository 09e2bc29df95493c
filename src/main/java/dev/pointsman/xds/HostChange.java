package dev.pointsman.xds;

import com.google.protobuf.Any;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a virtual host as a whole asks of some of its routes. Together with them it says everything that their changes
 * depend on.
 *
 * @param bodyLimit the largest body, in bytes, from which a model is read; empty where models are not read
 * @param arrivals the copies in front of routes at which requests for a model may arrive first, by the route's place
 * @param refused the places of the routes whose models must not be served
 * @param present configurations for filters that have to be present, by filter's name
 * @param loops the tokens of its loops
 */
public record HostChange(
    OptionalLong bodyLimit,
    Map<Integer, List<ArrivalCopy>> arrivals,
    BitSet refused,
    Map<String, Any> present,
    LoopTokens loops) {
  /** What becomes of each route, in their order; empty for one that stays as it came. */
  public List<Optional<RouteChange>> changes(Slots slots) {
    List<Optional<RouteChange>> changes = new ArrayList<>(slots.list().size());
    for (Slot slot : slots.list()) {
      int place = changes.size();
      changes.add(change(slot, arrivals.getOrDefault(place, List.of()), refused.get(place)));
    }
    return changes;
  }

  private Optional<RouteChange> change(Slot slot, List<ArrivalCopy> copies, boolean isRefused) {
    if (bodyLimit.isPresent() && (slot.bringsModels() || !copies.isEmpty())) {
      return Optional.of(change(slot, copies, bodyLimit, present, isRefused));
    }
    // No request for a model meets it; it may carry a record of ours.
    return slot.facts()
        .filter(facts ->
            facts.isPreflight() || !facts.pools().isEmpty() || !facts.policies().isEmpty())
        .map(_ -> change(slot, List.of(), OptionalLong.empty(), Map.of(), false));
  }

  private RouteChange change(
      Slot slot,
      List<ArrivalCopy> copies,
      OptionalLong limit,
      Map<String, Any> filters,
      boolean isRefused) {
    return new RouteChange(
        slot.plan(),
        slot.policy(),
        slot.setsHostsAside(),
        copies,
        limit,
        filters,
        isRefused,
        loops);
  }
}
