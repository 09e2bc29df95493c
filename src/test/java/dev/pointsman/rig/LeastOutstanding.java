package dev.pointsman.rig;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses the endpoint with the fewest requests under way, in turn among equals; or one that it is told to name. */
final class LeastOutstanding {
  private final Map<String, Integer> outstanding = new HashMap<>();
  private List<String> endpoints;
  private String told = "";
  private int turn;

  LeastOutstanding(List<String> endpoints) {
    this.endpoints = List.copyOf(endpoints);
  }

  synchronized void replace(List<String> newEndpoints) {
    endpoints = List.copyOf(newEndpoints);
  }

  /** Names this from now on, whether it exists or not; nothing: choose again. */
  synchronized void tell(String endpointOrList) {
    told = endpointOrList;
  }

  /** An endpoint, counted until it is given back; nothing when there are none. */
  synchronized Optional<String> pick() {
    if (!told.isEmpty()) {
      return Optional.of(told);
    }
    Optional<String> least = Optional.empty();
    for (int i = 0; i < endpoints.size(); i++) {
      String endpoint = endpoints.get((turn + i) % endpoints.size());
      if (least.isEmpty() || count(endpoint) < count(least.get())) {
        least = Optional.of(endpoint);
      }
    }
    turn++;
    least.ifPresent(endpoint -> outstanding.merge(endpoint, 1, Integer::sum));
    return least;
  }

  synchronized void giveBack(String endpoint) {
    outstanding.computeIfPresent(endpoint, (_, count) -> count > 1 ? count - 1 : null);
  }

  private int count(String endpoint) {
    return outstanding.getOrDefault(endpoint, 0);
  }
}
