package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.UserStrings;
import dev.pointsman.xds.NamedEndpoints;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources without an announcement that proxies have asked for. Their number is bounded, because proxies choose the
 * names. A name that a stream waits for stays; of the others the one that was left first is dropped for a new one. Used by
 * one thread.
 */
final class AskedEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(AskedEndpoints.class);

  private final int most;
  private final long spareNanos;
  private final LongSupplier nanoTime;
  private final Map<String, NamedObjects> asked = new HashMap<>();

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
  boolean refuses(String name, Consumer<String> dropped) {
    Optional<NamedObjects> resource = NamedEndpoints.parse(name).map(NamedObjects::of);
    if (resource.isEmpty() || asked.containsKey(name)) {
      return false;
    }
    if (asked.size() >= most && !dropOne(dropped)) {
      if (!logged) {
        LOG.error(
            "proxies watch {} names of subsets and checked pickers, as many as there may be: {}"
                + " and further ones are answered without endpoints until others are given up",
            most,
            UserStrings.legible(name));
      }
      logged = true;
      return true;
    }
    asked.put(name, resource.get());
    return false;
  }

  private boolean dropOne(Consumer<String> dropped) {
    for (Map.Entry<String, Long> oldest : left.entrySet()) {
      if (nanoTime.getAsLong() - oldest.getValue() < spareNanos) {
        return false;
      }
      String name = oldest.getKey();
      left.remove(name);
      asked.remove(name);
      dropped.accept(name);
      return true;
    }
    return false;
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

  /** Whether the name is refused. */
  boolean hasNoRoomFor(String name) {
    return !asked.containsKey(name) && NamedEndpoints.parse(name).isPresent();
  }

  /**
   * The endpoints that may have changed.
   *
   * @param isAnswered whether a name has been answered: all of its objects were there, so that a missing one has left
   */
  Map<String, List<Endpoint>> changed(
      ClusterSnapshot before, ClusterSnapshot snapshot, Predicate<String> isAnswered) {
    Map<String, List<Endpoint>> endpoints = new TreeMap<>();
    asked.forEach((name, objects) -> {
      if (!objects.areSame(before, snapshot)) {
        Optional<List<Endpoint>> own =
            isAnswered.test(name) ? objects.remaining(snapshot) : objects.endpoints(snapshot);
        own.ifPresent(some -> endpoints.put(name, some));
      }
    });
    return endpoints;
  }
}
