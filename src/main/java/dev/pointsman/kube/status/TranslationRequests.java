package dev.pointsman.kube.status;

import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that requests translations from Envoy Gateway: at the start, and when a translation is incomplete or outdated.
 * It runs on each replica, also without leadership, because only this replica has this knowledge.
 */
final class TranslationRequests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TranslationRequests.class);

  private final Observation observation;
  private final TranslationRequester requester;
  private final RequestBackoff backoff = new RequestBackoff();
  private final Semaphore demands = new Semaphore(0);
  private volatile Cause cause = Cause.STARTED;
  private volatile boolean closed;
  private @Nullable Thread thread;

  TranslationRequests(Observation observation, TranslationRequester requester) {
    this.observation = observation;
    this.requester = requester;
  }

  synchronized void start() {
    thread = Thread.ofPlatform().daemon().name("translation-request").start(this::run);
  }

  /**
   * Requests a translation soon, or later if it was requested for the same cause and objects before; requests until then are
   * coalesced, and the last one's cause is told.
   */
  void request(TranslationDemand demand) {
    backoff
        .delay(demand, System.nanoTime())
        .ifPresent(delay -> CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS)
            .execute(() -> {
              cause = demand.cause();
              demands.release();
            }));
  }

  /** Requests a translation of all objects now and once, after {@link #close}. */
  void requestLast() {
    requester.forAll();
    try {
      boolean _ = request(Cause.STOPPING);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Cause why = Cause.STARTED;
    Duration retry = StatusController.FIRST_RETRY;
    try {
      while (!closed) {
        boolean isComplete = request(why);
        // A status that cannot be written is tried again, and no new demand waits for it.
        if (demands.tryAcquire(
            isComplete ? Long.MAX_VALUE : retry.toNanos(), TimeUnit.NANOSECONDS)) {
          Thread.sleep(StatusController.COALESCE);
          demands.drainPermits();
          why = cause;
          retry = StatusController.FIRST_RETRY;
          requester.forAll();
        } else {
          retry = StatusController.longer(retry);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean request(Cause why) throws InterruptedException {
    try {
      return observation.objects().synced() && requester.ask(observation.now(), why);
    } catch (RuntimeException e) {
      LOG.error("internal error: no new translation is requested from Envoy Gateway; retrying", e);
      return false;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt(); // it may sleep
    }
    StatusController.end(thread);
  }
}
