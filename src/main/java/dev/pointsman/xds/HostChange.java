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
 * @param extracts whether models are read from bodies on the host
 * @param arrivals on which of the routes requests for a model may arrive first
 * @param bodyLimit the largest body, in bytes, from which a model is read
 * @param filters the filters that have to be present
 * @param loops the tokens of its loops
 */
public record HostChange(
    boolean extracts, BitSet arrivals, long bodyLimit, DisabledFilters filters, LoopTokens loops) {
  /** What becomes of each route, in their order; empty for one that stays as it came. */
  public List<Optional<RouteChange>> changes(Slots slots) {
    List<Optional<RouteChange>> changes = new ArrayList<>(slots.list().size());
    for (Slot slot : slots.list()) {
      changes.add(change(slot, arrivals.get(changes.size())));
    }
    return changes;
  }

  /** The routes that must not be served, because a filter of theirs would be skipped. */
  public List<RouteFacts> refused(Slots slots) {
    return filters.impossible().isEmpty()
        ? List.of()
        : slots.list().stream()
            .filter(this::isRefused)
            .map(slot -> slot.facts().orElseThrow())
            .toList();
  }

  /** The filters that would be. */
  public List<String> impossibleFilters() {
    return filters.impossible();
  }

  private Optional<RouteChange> change(Slot slot, boolean isArrival) {
    if (extracts && (slot.bringsModels() || isArrival)) {
      return Optional.of(change(slot, isArrival, OptionalLong.of(bodyLimit), filters.present()));
    }
    // No request for a model meets it; it may carry a record of ours.
    return slot.facts()
        .filter(facts ->
            facts.isPreflight() || !facts.pools().isEmpty() || !facts.policies().isEmpty())
        .map(_ -> change(slot, false, OptionalLong.empty(), Map.of()));
  }

  private RouteChange change(
      Slot slot, boolean arrival, OptionalLong limit, Map<String, Any> present) {
    return new RouteChange(
        slot.plan(),
        slot.policy(),
        slot.setsHostsAside(),
        arrival,
        limit,
        present,
        isRefused(slot),
        loops);
  }

  private boolean isRefused(Slot slot) {
    return extracts
        && slot.bringsModels()
        && filters.impossible().stream().anyMatch(slot.facts().orElseThrow().filters()::contains);
  }
}
