package dev.pointsman.kube.api;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The queries for Pods of namespaces that have lost their last pool. They go on for a while, because endpoint discovery
 * serves the pods of a deleted pool for a minute, and must know which of them end. A pool that is made again finds its
 * pods. Used by one thread.
 */
final class UnnamedPods {
  private static final long KEPT = Duration.ofMinutes(2).toNanos();

  private final LongSupplier nanoTime;
  private final Map<Query, Long> since = new HashMap<>();

  UnnamedPods(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Whether a query that is watched because others name it ends now.
   *
   * @param isNamed whether it is still named
   * @param isListed whether its objects have been listed
   */
  boolean ends(Query query, boolean isNamed, boolean isListed) {
    if (isNamed || query.kind() != Kind.POD || !isListed) {
      since.remove(query);
      return !isNamed;
    }
    long now = nanoTime.getAsLong();
    if (now - since.computeIfAbsent(query, _ -> now) < KEPT) {
      return false;
    }
    since.remove(query);
    return true;
  }
}
