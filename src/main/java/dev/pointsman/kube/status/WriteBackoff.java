package dev.pointsman.kube.status;

import dev.pointsman.status.ObjectStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The backoff of writes per object: none at first, then doubling while the object is written repeatedly, as when two
 * controllers overwrite each other.
 */
final class WriteBackoff {
  private static final int FREE = 4;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** The time without a write after which the backoff of an object is reset. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private record Writes(int count, long last) {}

  private final Map<ObjectStatus.Key, Writes> writes = new HashMap<>();

  /** The remaining backoff of an object in nanoseconds; 0 or less: none. */
  long waitFor(ObjectStatus.Key object, long now) {
    Writes before = writes.get(object);
    return before == null || before.count() < FREE || isQuiet(before, now)
        ? 0
        : before.last() + pause(before.count()) - now;
  }

  private static long pause(int count) {
    int doubled = Math.min(count - FREE, 20);
    return Math.min(LONGEST.toNanos(), FIRST.toNanos() << doubled);
  }

  private static boolean isQuiet(Writes before, long now) {
    return now - before.last() >= QUIET.toNanos();
  }

  /** Records a write of the object. */
  void wrote(ObjectStatus.Key object, long now) {
    Writes before = writes.get(object);
    writes.put(
        object, new Writes(before == null || isQuiet(before, now) ? 1 : before.count() + 1, now));
  }

  /** Drops all other objects. */
  void keep(Set<ObjectStatus.Key> objects) {
    writes.keySet().retainAll(objects);
  }
}
