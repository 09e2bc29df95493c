package dev.pointsman.eds;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of endpoint discovery: its tasks are run in their order, and a failing one does not stop the others. */
final class OneThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OneThread.class);

  private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
      1, Thread.ofPlatform().daemon().name("endpoint-discovery").factory());

  OneThread() {
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    thread.setRemoveOnCancelPolicy(true);
  }

  void run(Runnable task) {
    try {
      thread.execute(() -> attempt(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("endpoint discovery is closed");
    }
  }

  Future<?> later(Duration delay, Runnable task) {
    return thread.schedule(() -> attempt(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void attempt(Runnable task) {
    try {
      task.run();
    } catch (RejectedExecutionException e) {
      LOG.debug("the server stops");
    } catch (RuntimeException e) {
      LOG.error("endpoint discovery", e);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
