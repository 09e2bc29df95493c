package dev.pointsman.rig;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition instead of sleeping for a time. */
public final class Await {
  private static final Duration PAUSE = Duration.ofMillis(25);

  private Await() {}

  /** Polls until {@code done}, or fails naming {@code what}. */
  public static void until(String what, Duration limit, BooleanSupplier done) {
    until(what, limit, done, () -> "");
  }

  /** As above; the failure ends with what {@code details} says then. */
  public static void until(
      String what, Duration limit, BooleanSupplier done, Supplier<String> details) {
    if (!quietly(limit, done)) {
      throw new AssertionError(
          "waited " + limit.toSeconds() + " s in vain for: " + what + "\n" + details.get());
    }
  }

  /** Polls until {@code done}; says whether it ever was. */
  static boolean quietly(Duration limit, BooleanSupplier done) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
