package dev.pointsman.plan;

import java.util.Collection;

/** Divides a quantity among demands: the largest demand is reduced first. */
public final class FairShares {
  private FairShares() {}

  /**
   * The limit for each demand, so that all demands together fit into the available quantity. Smaller demands are met in
   * full.
   *
   * @param demands each at least 0
   * @param limit the upper bound of the result
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
