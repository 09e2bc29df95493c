package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.LineLimit;
import dev.pointsman.model.Subset;
import dev.pointsman.xds.NamedEndpoints;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources without an announcement that proxies ask for. Their number is bounded, because proxies choose the names,
 * and tenants do by their policies. Without room for a new name the namespace with the most names loses its last one, if
 * the new name's has fewer: no namespace takes the room of another. A subset, whose pools may be shared, counts for the
 * namespace of the policy, if that has routes (a proxy may think up others); any other name for the namespace of its
 * object. Used by one thread.
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
  private final SequencedMap<String, Long> left = new LinkedHashMap<>();

  private final LineLimit lines;

  /** The namespaces with routes. */
  private Set<String> routed = Set.of();

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
    lines = new LineLimit(nanoTime);
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
    String owner = objects.get().isComplete(snapshot) ? owner(objects.get()) : NOBODY;
    if (asked.size() >= most) {
      dropLeft(dropped);
    }
    if (asked.size() >= most) {
      Optional<String> other = lastOfMost(owner);
      if (other.isEmpty()) {
        report(owner);
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

  /**
   * Drops the names that no stream has waited for since the spare time.
   *
   * @param dropped called with each
   */
  void dropLeft(Consumer<String> dropped) {
    while (!left.isEmpty() && nanoTime.getAsLong() - left.firstEntry().getValue() >= spareNanos) {
      String name = left.firstEntry().getKey();
      drop(name);
      dropped.accept(name);
    }
  }

  private String owner(NamedObjects objects) {
    return objects
        .subset()
        .map(Subset::namespace)
        .filter(routed::contains)
        .orElseGet(objects::namespace);
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

  private void report(String owner) {
    lines
        .line("proxies watch " + most
            + " names of subsets and checked pickers, as many as there may be:"
            + " there is no room for more of "
            + (owner.equals(NOBODY) ? "pools and Services that do not exist" : "namespace " + owner)
            + ", whose endpoints are not followed until others are given up")
        .ifPresent(LOG::error);
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
    routed =
        snapshot.routes().keySet().stream().map(ObjectName::namespace).collect(Collectors.toSet());
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
