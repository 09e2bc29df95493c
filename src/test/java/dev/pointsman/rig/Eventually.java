package dev.pointsman.rig;

import java.time.Duration;

/** Waits for what real processes do in their own time. */
public final class Eventually {
  private Eventually() {}

  /** An assertion that may fail for a while. */
  @FunctionalInterface
  public interface Assertion {
    void check() throws Exception;
  }

  /** Repeats the assertion until it holds; after the time, its last failure is thrown. */
  public static void within(Duration time, Assertion assertion) {
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      try {
        assertion.check();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      sleep(20);
    }
  }

  /** Repeats the assertion for all of the time: it must hold throughout. */
  public static void throughout(Duration time, Assertion assertion) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      within(Duration.ZERO, assertion);
      sleep(50);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
