package dev.pointsman.kube.api;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The delays of a query's requests after failures in a row. A random part separates the queries and the replicas. */
final class RetryDelays {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final Duration FIRST_REFUSED = Duration.ofSeconds(5);

  /** The longest time until a right that is given has effect. */
  private static final Duration LONGEST_REFUSED = Duration.ofMinutes(1);

  private int failures;
  private int refusals;

  /** The number of failures in a row. */
  int failures() {
    return failures;
  }

  /** Records a success. */
  void reset() {
    failures = 0;
    refusals = 0;
  }

  /** Records a failure; returns the delay. */
  Duration afterFailure() {
    failures++;
    return jittered(doubled(SHORTEST, failures, LONGEST));
  }

  /** Records a failure that is retried without a delay. */
  Duration noneAfterFailure() {
    failures++;
    return Duration.ZERO;
  }

  /** Records a denial of access; returns the delay. */
  Duration afterRefusal() {
    refusals++;
    return jittered(doubled(FIRST_REFUSED, refusals, LONGEST_REFUSED));
  }

  private static Duration doubled(Duration first, int times, Duration longest) {
    Duration doubled = first.multipliedBy(1L << Math.min(times - 1, 10));
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  private static Duration jittered(Duration longest) {
    long millis = longest.toMillis();
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }
}
