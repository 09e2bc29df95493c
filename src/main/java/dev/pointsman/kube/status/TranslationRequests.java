package dev.pointsman.kube.status;

import dev.pointsman.model.ObjectRef;
import dev.pointsman.status.TranslationRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that requests translations from Envoy Gateway: at the start and after each incomplete translation. It runs
 * on each replica, also without leadership, because only this replica has this knowledge.
 */
final class TranslationRequests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TranslationRequests.class);

  private final Observation observation;
  private final TranslationRequester requester;
  private final RequestBackoff backoff = new RequestBackoff();
  private final Semaphore incomplete = new Semaphore(0);
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
   * Requests a translation soon, or later if it was requested for the same routes before; requests until then are
   * coalesced.
   *
   * @param routes the routes that a translation was incomplete for
   */
  void requestAgain(Set<ObjectRef> routes) {
    backoff
        .delay(routes, System.nanoTime())
        .ifPresent(delay -> CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS)
            .execute(incomplete::release));
  }

  private void run() {
    try {
      requestWithRetries(TranslationRequest.Cause.STARTED);
      while (!closed) {
        incomplete.acquire();
        Thread.sleep(StatusController.COALESCE);
        incomplete.drainPermits();
        requestWithRetries(TranslationRequest.Cause.INCOMPLETE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void requestWithRetries(TranslationRequest.Cause cause) throws InterruptedException {
    Duration retry = StatusController.FIRST_RETRY;
    while (!closed && !request(cause)) {
      Thread.sleep(retry);
      retry = StatusController.longer(retry);
    }
  }

  private boolean request(TranslationRequest.Cause cause) throws InterruptedException {
    try {
      return observation.objects().synced() && requester.ask(observation.now(), cause);
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
