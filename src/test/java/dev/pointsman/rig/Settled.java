package dev.pointsman.rig;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Waits for a value that no longer changes. */
public final class Settled {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Settled() {}

  /**
   * Returns a value as soon as two reads have found it.
   *
   * @param apart the time between two reads
   */
  public static <T> T value(String what, Duration apart, Callable<T> read) {
    List<T> reads = new ArrayList<>();
    await(what).pollInterval(apart).atMost(LIMIT).until(() -> {
      reads.add(read.call());
      return reads.size() > 1 && reads.getLast().equals(reads.get(reads.size() - 2));
    });
    return reads.getLast();
  }
}
