package dev.pointsman.eds;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of the cache. It goes on after a task that fails. */
final class CacheThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CacheThread.class);

  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
      1, Thread.ofPlatform().daemon().name("endpoint-discovery").factory());

  CacheThread() {
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
  }

  void run(Runnable task) {
    var _ = later(Duration.ZERO, task);
  }

  Future<?> later(Duration delay, Runnable task) {
    try {
      return executor.schedule(() -> logged(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("endpoint discovery is closed");
      return CompletableFuture.completedFuture(null);
    }
  }

  private static void logged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("endpoint discovery", e);
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
