package dev.pointsman.kube.status;

import dev.pointsman.status.ObjectStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The backoff of writes per object. The first writes have none. Then a status that changes is written once a second, and a
 * status that stays the same and is written again, as when two controllers overwrite each other, at doubling intervals.
 */
final class WriteBackoff {
  private static final int FREE = 4;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** The time without a write after which the backoff of an object is reset. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  /**
   * The writes of an object.
   *
   * @param count of all statuses
   * @param same the number of writes of the last status in a row
   */
  private record Writes(ObjectStatus last, int count, int same, long at) {}

  private final Map<ObjectStatus.Key, Writes> writes = new HashMap<>();

  /** The remaining backoff of a status in nanoseconds; 0 or less: none. */
  long waitFor(ObjectStatus status, long now) {
    Writes before = writes.get(status.object());
    if (before == null || before.count() < FREE || isQuiet(before, now)) {
      return 0;
    }
    return before.at()
        + (status.equals(before.last()) ? pause(before.same()) : FIRST.toNanos())
        - now;
  }

  private static long pause(int same) {
    int doubled = Math.clamp(same - FREE, 0, 20);
    return Math.min(LONGEST.toNanos(), FIRST.toNanos() << doubled);
  }

  private static boolean isQuiet(Writes before, long now) {
    return now - before.at() >= QUIET.toNanos();
  }

  /** Whether the same status was written so often that another controller must overwrite it. */
  boolean isContested(ObjectStatus status) {
    Writes before = writes.get(status.object());
    return before != null && before.same() >= FREE && status.equals(before.last());
  }

  /** Records a write of the status. */
  void wrote(ObjectStatus status, long now) {
    Writes before = writes.get(status.object());
    writes.put(
        status.object(),
        before == null || isQuiet(before, now)
            ? new Writes(status, 1, 1, now)
            : new Writes(
                status,
                before.count() + 1,
                status.equals(before.last()) ? before.same() + 1 : 1,
                now));
  }

  /** Drops all other objects. */
  void keep(Set<ObjectStatus.Key> objects) {
    writes.keySet().retainAll(objects);
  }
}
