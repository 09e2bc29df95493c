package dev.pointsman.eds;

import dev.pointsman.model.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The assignments by name. Used by one thread. */
final class Assignments {
  private final Map<String, Assignment> byName = new HashMap<>();

  /** The names whose objects have left. */
  private final Set<String> removed = new HashSet<>();

  private long changes;

  @Nullable Assignment of(String name) {
    return byName.get(name);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** Stores the endpoints; returns whether they are others than before. */
  boolean put(String name, List<Endpoint> endpoints) {
    removed.remove(name);
    Assignment before = byName.get(name);
    if (before != null && before.endpoints().equals(endpoints)) {
      return false;
    }
    byName.put(name, new Assignment(name, ++changes, endpoints));
    return true;
  }

  /** Stores the endpoints of some names; returns the names whose endpoints are others than before. */
  List<String> putAll(Map<String, List<Endpoint>> endpoints) {
    return endpoints.entrySet().stream()
        .filter(one -> put(one.getKey(), one.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  void drop(String name) {
    byName.remove(name);
  }

  /** The objects of the names have left. */
  void removed(Set<String> names) {
    removed.addAll(names);
  }

  /**
   * Drops those of the names whose objects have not returned, except awaited ones.
   *
   * @return the awaited ones
   */
  Set<String> dropRemoved(Set<String> names, Predicate<String> isAwaited) {
    Set<String> awaited = new HashSet<>();
    for (String name : names) {
      if (removed.contains(name)) {
        if (isAwaited.test(name)) {
          awaited.add(name);
        } else {
          removed.remove(name);
          byName.remove(name);
        }
      }
    }
    return awaited;
  }
}
