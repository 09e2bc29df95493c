package dev.pointsman.cli;

import dev.pointsman.kube.status.StatusController;
import dev.pointsman.server.PointsmanServer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The end of a replica.
 *
 * @param wasCalled whether Envoy Gateway has called a hook of this replica
 */
record ServeStop(
    PointsmanServer server, Optional<StatusController> statuses, BooleanSupplier wasCalled) {
  /**
   * The time for the last request to Envoy Gateway after the drain. With {@code --drain-delay} and the drain's 10 s it is below
   * the chart's grace period.
   */
  private static final Duration LAST_REQUEST = Duration.ofSeconds(5);

  /**
   * Stops the server and the status writer side by side: the server's drain must not wait for an API server that hangs. The
   * Lease is released at once, so that another replica takes over while this one drains. Once this replica takes no calls any
   * more, it requests a translation by another one.
   */
  void run() {
    statuses.ifPresent(one -> start("stop-statuses", one::resign));
    server.close();
    statuses.ifPresent(one -> await(start("last-request", () -> {
      if (wasCalled.getAsBoolean()) {
        one.requestLast();
      }
      one.close();
    })));
  }

  private static Thread start(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name(name).start(task);
  }

  private static void await(Thread last) {
    try {
      last.join(LAST_REQUEST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
