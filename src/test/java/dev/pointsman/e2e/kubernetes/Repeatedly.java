package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.Fault.Undo;
import java.util.concurrent.atomic.AtomicBoolean;

/** Something that is done again and again until it is undone. */
final class Repeatedly {
  private Repeatedly() {}

  /** One time, with its pauses: about a second. */
  @FunctionalInterface
  interface Round {
    void run() throws InterruptedException;
  }

  /**
   * Begins.
   *
   * @param end runs once after the last round
   */
  static Undo begin(Round round, Runnable end) {
    AtomicBoolean over = new AtomicBoolean();
    // No interrupt ends it: that would break the commands of a round, and leave processes frozen.
    Thread thread = Thread.ofPlatform().name("again and again").start(() -> {
      try {
        while (!over.get()) {
          round.run();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    return () -> {
      over.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      end.run();
    };
  }
}
