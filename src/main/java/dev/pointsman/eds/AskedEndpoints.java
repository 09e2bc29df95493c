package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.UserStrings;
import dev.pointsman.xds.NamedEndpoints;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources without an announcement that proxies have asked for. Their number is bounded, because proxies choose
 * the names, and tenants do by their policies. For a new name the one that was left first is dropped. Without such a
 * name the namespace with the most names loses its last one, if the new name's has fewer: no namespace takes the room
 * of another. Used by one thread.
 */
final class AskedEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(AskedEndpoints.class);

  /** The owner of names whose objects do not exist: a proxy may think up any number of namespaces. */
  private static final String NOBODY = "";

  /**
   * A name.
   *
   * @param owner the namespace whose room it takes
   */
  private record Asked(NamedObjects objects, String owner) {}

  private final int most;
  private final long spareNanos;
  private final LongSupplier nanoTime;
  private final Map<String, Asked> asked = new HashMap<>();

  /** The names of each owner, the oldest first. */
  private final Map<String, SequencedSet<String>> byOwner = new HashMap<>();

  /** The names that no stream waits for, with the time since when; the oldest first. */
  private final Map<String, Long> left = new LinkedHashMap<>();

  private boolean logged;

  /**
   * Nothing asked for.
   *
   * @param most the largest number of names
   * @param spare the time for which a name is not dropped when no stream waits for it: longer than a proxy takes from a
   *     response to its acknowledgement, after which its stream waits again
   */
  AskedEndpoints(int most, Duration spare, LongSupplier nanoTime) {
    this.most = most;
    spareNanos = spare.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Whether there is no room for a name that a stream waits for. It is added if there is, and if it says all.
   *
   * @param dropped called with the name that is dropped for it
   */
  boolean refuses(String name, ClusterSnapshot snapshot, Consumer<String> dropped) {
    Optional<NamedObjects> objects = NamedEndpoints.parse(name).map(NamedObjects::of);
    if (objects.isEmpty() || asked.containsKey(name)) {
      return false;
    }
    String owner = objects.get().isComplete(snapshot) ? objects.get().namespace() : NOBODY;
    if (asked.size() >= most) {
      Optional<String> other = leftLongest().or(() -> lastOfMost(owner));
      if (other.isEmpty()) {
        report(name);
        return true;
      }
      drop(other.get());
      dropped.accept(other.get());
    }
    asked.put(name, new Asked(objects.get(), owner));
    byOwner.computeIfAbsent(owner, _ -> new LinkedHashSet<>()).add(name);
    return false;
  }

  /** Whether the name is refused. */
  boolean hasNoRoomFor(String name) {
    return !asked.containsKey(name) && NamedEndpoints.parse(name).isPresent();
  }

  private Optional<String> leftLongest() {
    return left.entrySet().stream()
        .findFirst()
        .filter(oldest -> nanoTime.getAsLong() - oldest.getValue() >= spareNanos)
        .map(Map.Entry::getKey);
  }

  /** The last name of the owner with the most, if that has more than this one will have. */
  private Optional<String> lastOfMost(String owner) {
    int own = byOwner.containsKey(owner) ? byOwner.get(owner).size() : 0;
    return byOwner.values().stream()
        .max(Comparator.comparingInt(SequencedSet::size))
        .filter(names -> names.size() > own + 1)
        .map(SequencedSet::getLast);
  }

  private void drop(String name) {
    left.remove(name);
    Asked one = asked.remove(name);
    if (one != null) {
      byOwner.computeIfPresent(
          one.owner(), (_, names) -> names.remove(name) && names.isEmpty() ? null : names);
    }
  }

  private void report(String name) {
    if (!logged) {
      LOG.error(
          "proxies watch {} names of subsets and checked pickers, as many as there may be: there is"
              + " no room for {} and further names of its namespace, whose endpoints are not followed"
              + " until others are given up",
          most,
          UserStrings.legible(name));
    }
    logged = true;
  }

  /** A stream waits for the name. */
  void awaited(String name) {
    left.remove(name);
  }

  /** No stream waits for the name any longer. */
  void left(String name) {
    if (asked.containsKey(name)) {
      left.remove(name);
      left.put(name, nanoTime.getAsLong());
    }
  }

  /**
   * The endpoints that may have changed.
   *
   * @param isAnswered whether a name has been answered: all of its objects were there, so that a missing one has left
   */
  Map<String, List<Endpoint>> changed(
      ClusterSnapshot before, ClusterSnapshot snapshot, Predicate<String> isAnswered) {
    Map<String, List<Endpoint>> endpoints = new TreeMap<>();
    asked.forEach((name, one) -> {
      NamedObjects objects = one.objects();
      if (!objects.areSame(before, snapshot)) {
        Optional<List<Endpoint>> own =
            isAnswered.test(name) ? objects.remaining(snapshot) : objects.endpoints(snapshot);
        own.ifPresent(some -> endpoints.put(name, some));
      }
    });
    return endpoints;
  }
}
