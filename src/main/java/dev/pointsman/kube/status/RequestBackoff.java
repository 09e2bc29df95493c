package dev.pointsman.kube.status;

import dev.pointsman.model.BoundedMap;
import dev.pointsman.model.ObjectRef;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The delay of requests for new translations. The first one for some objects has none, and each further one twice as much as
 * the one before: each request costs a translation of all Gateways, also when they stay as they are in it.
 */
final class RequestBackoff {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** The time without a request after which the next one has no delay. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private static final int MOST = 1_000;

  /**
   * The last request for some objects.
   *
   * @param due the time at which it is made
   * @param next the delay of the next one
   */
  private record DueRequest(long due, long next) {}

  private final Map<Set<ObjectRef>, DueRequest> requests = new BoundedMap<>(MOST);

  /** The delay of a request in nanoseconds; empty if an earlier one for the same objects is still to be made. */
  synchronized OptionalLong delay(Set<ObjectRef> about, long now) {
    DueRequest last = requests.get(about);
    if (last == null || now - last.due() >= QUIET.toNanos()) {
      requests.put(about, new DueRequest(now, FIRST.toNanos()));
      return OptionalLong.of(0);
    }
    if (now < last.due()) {
      return OptionalLong.empty();
    }
    requests.put(
        about, new DueRequest(now + last.next(), Math.min(2 * last.next(), LONGEST.toNanos())));
    return OptionalLong.of(last.next());
  }
}
