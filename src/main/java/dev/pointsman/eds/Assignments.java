package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The assignments by name: of all pools and Services, and of names that proxies ask for. Used by one thread. */
final class Assignments {
  /**
   * An effect of a snapshot.
   *
   * @param changed the names with other endpoints than before
   * @param gone the names without an object
   */
  record Changes(List<String> changed, Set<String> gone) {}

  private final Map<String, Assignment> byName = new HashMap<>();

  /** The names without an object. */
  private final Set<String> removed = new HashSet<>();

  private final AskedEndpoints asked;
  private final MissingObjects missing;
  private ClusterSnapshot last = ClusterSnapshot.EMPTY;
  private long changes;

  Assignments(AskedEndpoints asked, MissingObjects missing) {
    this.asked = asked;
    this.missing = missing;
  }

  /** Takes the endpoints of a snapshot. An object that was deleted leaves an empty assignment. */
  Changes follow(ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> endpoints = EndpointsByName.changed(last, snapshot);
    endpoints.putAll(asked.changed(last, snapshot, byName::containsKey));
    Set<String> gone = EndpointsByName.gone(last, snapshot);
    gone.forEach(name -> endpoints.put(name, List.of()));
    last = snapshot;
    return put(endpoints, gone);
  }

  /** Looks for awaited names whose objects do not exist, and drops those that are not awaited any longer. */
  Changes findMissing(Set<String> awaited) {
    asked.dropLeft(byName::remove);
    Set<String> unanswered = awaited.stream()
        .filter(name -> !byName.containsKey(name) && !asked.hasNoRoomFor(name))
        .collect(Collectors.toSet());
    Map<String, List<Endpoint>> found = missing.next(unanswered, last);
    return put(found, found.keySet());
  }

  private Changes put(Map<String, List<Endpoint>> endpoints, Set<String> gone) {
    List<String> changed = endpoints.entrySet().stream()
        .filter(one -> put(one.getKey(), one.getValue()))
        .map(Map.Entry::getKey)
        .toList();
    removed.addAll(gone);
    return new Changes(changed, gone);
  }

  /** Stores the endpoints; returns whether they are others than before. */
  private boolean put(String name, List<Endpoint> endpoints) {
    removed.remove(name);
    Assignment before = byName.get(name);
    if (before != null && before.endpoints().equals(endpoints)) {
      return false;
    }
    byName.put(name, new Assignment(name, ++changes, endpoints));
    return true;
  }

  @Nullable
  Assignment of(String name) {
    return byName.get(name);
  }

  /** Whether objects have been read. */
  boolean areSynced() {
    return last.synced();
  }

  /**
   * Whether there is no room for the name, which is stored if there is and if it says all.
   *
   * @param dropped called with the name that is dropped for it
   */
  boolean refuse(String name, Consumer<String> dropped) {
    if (byName.containsKey(name) || !last.synced()) {
      return false;
    }
    if (asked.refuses(name, last, other -> drop(other, dropped))) {
      return true;
    }
    EndpointsByName.asked(last, name).ifPresent(endpoints -> put(name, endpoints));
    return false;
  }

  private void drop(String name, Consumer<String> dropped) {
    byName.remove(name);
    dropped.accept(name);
  }

  /**
   * Drops those of the names that still have no object, except awaited ones.
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
