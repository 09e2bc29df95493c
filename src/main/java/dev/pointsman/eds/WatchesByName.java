package dev.pointsman.eds;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pending watches by name. Used by one thread. */
final class WatchesByName {
  private final Map<String, Set<PendingWatch>> watches = new HashMap<>();
  private final AskedEndpoints asked;

  /**
   * No watches.
   *
   * @param asked is told which names are watched
   */
  WatchesByName(AskedEndpoints asked) {
    this.asked = asked;
  }

  /** The watches of the name, in the order of their requests. */
  List<PendingWatch> of(String name) {
    return List.copyOf(watches.getOrDefault(name, Set.of()));
  }

  /** The watched names. */
  Set<String> names() {
    return Set.copyOf(watches.keySet());
  }

  boolean has(String name) {
    return watches.containsKey(name);
  }

  boolean has(PendingWatch watch) {
    return watch.names().stream()
        .anyMatch(name -> watches.getOrDefault(name, Set.of()).contains(watch));
  }

  void add(PendingWatch watch) {
    for (String name : watch.names()) {
      watches.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(watch);
      asked.awaited(name);
    }
  }

  void remove(PendingWatch watch) {
    for (String name : watch.names()) {
      Set<PendingWatch> own = watches.get(name);
      if (own != null && own.remove(watch) && own.isEmpty()) {
        watches.remove(name);
        asked.left(name);
      }
    }
  }
}
