package dev.pointsman.kube.status;

import dev.pointsman.status.ObjectStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When an object may be written again: at once, unless it is written again and again, as where two controllers overwrite
 * each other. Then it waits, twice as long each time.
 */
final class WriteBackoff {
  private static final int FREE = 4;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** After so long without a write everything is forgotten. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private record Writes(int count, long last) {}

  private final Map<ObjectStatus.Key, Writes> writes = new HashMap<>();

  /** How long to wait, in nanoseconds; 0 or less: not at all. */
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

  /** The object was written. */
  void wrote(ObjectStatus.Key object, long now) {
    Writes before = writes.get(object);
    writes.put(
        object, new Writes(before == null || isQuiet(before, now) ? 1 : before.count() + 1, now));
  }

  /** Forgets all others. */
  void keep(Set<ObjectStatus.Key> objects) {
    writes.keySet().retainAll(objects);
  }
}
