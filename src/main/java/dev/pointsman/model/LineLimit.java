package dev.pointsman.model;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The lines of a log that clients can cause: equal ones at most once a minute, and only so many of all kinds a minute, since
 * clients choose what differs in them. The next line says how many were left out.
 */
public final class LineLimit {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final int MOST = 30;

  private record Written(String line, long when) {}

  private final LongSupplier nanoTime;
  private final Deque<Written> lastMinute = new ArrayDeque<>();
  private long leftOut;

  /**
   * No lines yet.
   *
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  public LineLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The line to write now; empty if it is left out. */
  public synchronized Optional<String> line(String line) {
    long now = nanoTime.getAsLong();
    while (!lastMinute.isEmpty() && now - lastMinute.getFirst().when() >= MINUTE) {
      lastMinute.removeFirst();
    }
    if (lastMinute.stream().anyMatch(written -> written.line().equals(line))) {
      return Optional.empty();
    }
    if (lastMinute.size() == MOST) {
      leftOut++;
      return Optional.empty();
    }
    lastMinute.addLast(new Written(line, now));
    String more = leftOut == 0 ? "" : " (" + leftOut + " other lines like it were left out before)";
    leftOut = 0;
    return Optional.of(line + more);
  }
}
