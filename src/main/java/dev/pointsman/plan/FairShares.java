package dev.pointsman.plan;

import java.util.Collection;

/** Divides what there is among those who want some of it: the largest wish is cut first. */
public final class FairShares {
  private FairShares() {}

  /**
   * The most that each may have, so that all together have no more than there is. Who wants less than that gets all of
   * it.
   *
   * @param wishes each at least 0
   * @param most above which nobody gets anything, whatever there is
   */
  public static long most(Collection<Long> wishes, long there, long most) {
    long left = Math.max(0, there);
    long sharers = wishes.size();
    for (long wish : wishes.stream().sorted().toList()) {
      long even = left / sharers;
      if (wish > even) {
        return Math.min(most, even);
      }
      left -= wish;
      sharers--;
    }
    return most;
  }
}
