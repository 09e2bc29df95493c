package dev.pointsman.kube.status;

import dev.pointsman.status.TranslationRequest;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that asks Envoy Gateway for translations: once at the start, and each time one was not told all. It runs on
 * each replica, also without leadership: no other one knows that this one has started or was not told.
 */
final class TranslationRequests implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TranslationRequests.class);

  private final Observation observation;
  private final TranslationRequester requester;
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

  /** Asks soon, and once for all that call until then. */
  void askAgain() {
    incomplete.release();
  }

  private void run() {
    try {
      askUntilAsked(TranslationRequest.Cause.STARTED);
      while (!closed) {
        incomplete.acquire();
        Thread.sleep(StatusController.COALESCE);
        incomplete.drainPermits();
        askUntilAsked(TranslationRequest.Cause.UNTOLD);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void askUntilAsked(TranslationRequest.Cause cause) throws InterruptedException {
    Duration retry = StatusController.FIRST_RETRY;
    while (!closed && !asked(cause)) {
      Thread.sleep(retry);
      retry = StatusController.longer(retry);
    }
  }

  private boolean asked(TranslationRequest.Cause cause) throws InterruptedException {
    try {
      return observation.objects().synced() && requester.ask(observation.now(), cause);
    } catch (RuntimeException e) {
      LOG.error("a bug of ours: Envoy Gateway is not asked to translate again; trying again", e);
      return false;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt(); // it may pause
    }
    StatusController.end(thread);
  }
}
