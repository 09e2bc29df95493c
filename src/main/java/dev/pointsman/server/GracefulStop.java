package dev.pointsman.server;

import io.grpc.Server;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The waits of a stop. */
final class GracefulStop {
  private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

  /** The time for running calls to end: longer than any translation, for which Envoy Gateway waits. */
  private static final long DRAIN_SECONDS = 10;

  private GracefulStop() {}

  /** Waits for the time; not at all once the thread is interrupted. */
  static void pause(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then stop at once
    }
  }

  /** Takes no new calls and waits for the running ones. */
  static void drain(Server grpc) {
    grpc.shutdown();
    try {
      if (!grpc.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("calls are still open after {} s: ending them", DRAIN_SECONDS);
        grpc.shutdownNow();
      }
    } catch (InterruptedException e) {
      grpc.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
