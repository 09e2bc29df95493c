package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Names that streams wait for and whose objects this process has never seen, after a restart for instance. Proxies may
 * still have endpoints of them. An object may also be missing because it is not read yet, or no longer: a name counts
 * as one without an object only if it is missing twice in a row while all of its namespaces are read. Used by one
 * thread.
 */
final class MissingObjects {
  private final Predicate<String> isCurrent;
  private Set<String> before = Set.of();

  /**
   * No names yet.
   *
   * @param isCurrent whether an object of the namespace that the snapshot has not got does not exist
   */
  MissingObjects(Predicate<String> isCurrent) {
    this.isCurrent = isCurrent;
  }

  /**
   * The endpoints of names that were unanswered the last time, too, and whose objects do not exist: those of the others
   * of their objects, if there are any.
   *
   * @param unanswered the names that streams wait for without an assignment
   */
  Map<String, List<Endpoint>> next(Set<String> unanswered, ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> endpoints = new HashMap<>();
    Set<String> now = new HashSet<>();
    for (String name : unanswered) {
      NamedObjects.of(name)
          .filter(objects -> snapshot.synced()
              && !objects.isComplete(snapshot)
              && objects.namespaces().stream().allMatch(isCurrent))
          .flatMap(objects -> objects.remaining(snapshot))
          .ifPresent(remaining -> {
            now.add(name);
            if (before.contains(name)) {
              endpoints.put(name, remaining);
            }
          });
    }
    before = now;
    return endpoints;
  }
}
