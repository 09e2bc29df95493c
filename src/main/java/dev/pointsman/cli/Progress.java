package dev.pointsman.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** Tells people on stderr what takes longer than two seconds, until it is closed. */
final class Progress implements AutoCloseable {
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration NEXT = Duration.ofSeconds(10);

  private final Thread thread;

  private Progress(PrintWriter err, String what) {
    long start = System.nanoTime();
    thread = Thread.ofVirtual().start(() -> {
      try {
        Thread.sleep(FIRST);
        while (true) {
          err.println(what + " ... " + (System.nanoTime() - start) / 1_000_000_000 + " s");
          err.flush();
          Thread.sleep(NEXT);
        }
      } catch (InterruptedException _) {
        // It is done.
      }
    });
  }

  /** Begins; {@code what} is a verb with its object, such as {@code reading manifests}. */
  static Progress of(PrintWriter err, String what) {
    return new Progress(err, what);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
