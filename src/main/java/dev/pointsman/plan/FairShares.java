package dev.pointsman.plan;

import java.util.Collection;

/** Divides what there is among those who want some of it: the largest wish is cut first. */
public final class FairShares {
  private FairShares() {}

  /**
   * The most that each may have, so that all together have no more than there is. Who wants less than that gets all of
   * it.
   *
   * @param demands each at least 0
   * @param limit above which nobody gets anything, whatever there is
   */
  public static long limit(Collection<Long> demands, long available, long limit) {
    long remaining = Math.max(0, available);
    long sharers = demands.size();
    for (long demand : demands.stream().sorted().toList()) {
      long equalShare = remaining / sharers;
      if (demand > equalShare) {
        return Math.min(limit, equalShare);
      }
      remaining -= demand;
      sharers--;
    }
    return limit;
  }
}
