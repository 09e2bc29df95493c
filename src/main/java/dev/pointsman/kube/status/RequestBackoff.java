package dev.pointsman.kube.status;

import dev.pointsman.model.BoundedMap;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The delay of requests for new translations. The first one of a cause and some objects has none, and each further one twice as much as
 * the one before: each request costs a translation of all Gateways, also when they stay as they are in it.
 */
final class RequestBackoff {
  private static final Duration FIRST = Duration.ofSeconds(1);

  /** Pools come and go by the minute where tests make them, and nothing that is served waits for their announcement. */
  private static final Duration FIRST_ANNOUNCED = Duration.ofMinutes(1);

  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** The time without a request after which the next one has no delay. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private static final int MOST = 1_000;

  /**
   * The last request of a demand.
   *
   * @param due the time at which it is made
   * @param next the delay of the next one
   */
  private record DueRequest(long due, long next) {}

  private final Map<TranslationDemand, DueRequest> requests = new BoundedMap<>(MOST);

  /** The delay of a request in nanoseconds; empty if an earlier one of the same demand is still to be made. */
  synchronized OptionalLong delay(TranslationDemand demand, long now) {
    DueRequest last = requests.get(demand);
    if (last == null || now - last.due() >= QUIET.toNanos()) {
      Duration first = demand.cause() == Cause.ANNOUNCED ? FIRST_ANNOUNCED : FIRST;
      requests.put(demand, new DueRequest(now, first.toNanos()));
      return OptionalLong.of(0);
    }
    if (now < last.due()) {
      return OptionalLong.empty();
    }
    requests.put(
        demand, new DueRequest(now + last.next(), Math.min(2 * last.next(), LONGEST.toNanos())));
    return OptionalLong.of(last.next());
  }
}
