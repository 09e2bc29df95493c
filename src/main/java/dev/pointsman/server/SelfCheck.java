package dev.pointsman.server;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.RecordedName;
import dev.pointsman.hook.Repetition;
import dev.pointsman.hook.RequestsWithoutCredentials;
import dev.pointsman.model.BoundedMap;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.observe.SelfCheckMetrics;
import dev.pointsman.observe.SelfCheckMetrics.SelfCheckResult;
import dev.pointsman.xds.HiddenCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a translation of each Gateway again now and then, in the background and one at a time. A difference is a fault of
 * Pointsman: it is logged and counted, and the first request with one is kept. The answer has been sent by then.
 */
final class SelfCheck implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SelfCheck.class);
  private static final int GATEWAYS = 1_000;
  private static final int NAMED = 10;

  /** The largest request that is kept: the folder may be memory. */
  private static final int MOST_BYTES = 32 << 20;

  private final long intervalNanos;
  private final SelfCheckMetrics metrics;
  private final LongSupplier nanoTime;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
      .daemon()
      .name("self-check")
      .priority(Thread.MIN_PRIORITY)
      .factory());
  private final AtomicBoolean underWay = new AtomicBoolean();
  private final AtomicBoolean kept = new AtomicBoolean();
  private final Map<Set<ObjectRef>, Long> checkedAt = new BoundedMap<>(GATEWAYS);

  /** @param interval the shortest time between two checks of a Gateway; zero: none */
  SelfCheck(Duration interval, SelfCheckMetrics metrics) {
    this(interval, metrics, System::nanoTime);
  }

  SelfCheck(Duration interval, SelfCheckMetrics metrics, LongSupplier nanoTime) {
    this.intervalNanos = interval.toNanos();
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /** Checks the translation, unless one is being checked or its Gateways were checked a short while ago. */
  void translated(Repetition translation) {
    if (intervalNanos > 0
        && isDue(translation.result().gateways())
        && underWay.compareAndSet(false, true)) {
      thread.execute(() -> {
        SelfCheckResult check = SelfCheckResult.FAILED;
        try {
          check = check(translation);
        } finally {
          checked(translation.result().gateways());
          underWay.set(false);
          metrics.checked(check);
        }
      });
    }
  }

  private synchronized boolean isDue(Set<ObjectRef> gateways) {
    long now = nanoTime.getAsLong();
    Long last = checkedAt.get(gateways);
    return last == null || now - last >= intervalNanos;
  }

  private synchronized void checked(Set<ObjectRef> gateways) {
    var _ = checkedAt.remove(gateways); // the order is that of the checks
    checkedAt.put(gateways, nanoTime.getAsLong());
  }

  private SelfCheckResult check(Repetition translation) {
    Set<ObjectRef> gateways = translation.result().gateways();
    try {
      List<String> differences = translation.differences();
      if (differences.isEmpty()) {
        return SelfCheckResult.EQUAL;
      }
      LOG.error(
          "internal error: the translation of {} differs when it is made again, in {} resources: {}. {}",
          gateways.stream().sorted().toList(),
          differences.size(),
          differences.stream().limit(NAMED).toList(),
          keep(translation.request()));
      return SelfCheckResult.DIFFERENT;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("internal error: the translation of {} cannot be made again", gateways, e);
      return SelfCheckResult.FAILED;
    }
  }

  /** Keeps the first request with a difference; returns a sentence about it. */
  private String keep(PostTranslateModifyRequest request) {
    if (request.getSerializedSize() > MOST_BYTES || kept.getAndSet(true)) {
      return "Please report it with a recording (serve --record)";
    }
    try {
      Path folder = Files.createTempDirectory("pointsman-self-check");
      Files.write(
          folder.resolve(new RecordedName(1, "PostTranslateModify").toString()),
          new RequestsWithoutCredentials(HiddenCredentials.withRandomKey())
              .in(request)
              .toByteArray());
      return "Please report it with the request, which is kept without credentials in " + folder;
    } catch (IOException e) {
      return "Please report it; the request cannot be kept (" + e + ")";
    }
  }

  @Override
  public void close() {
    var _ = thread.shutdownNow();
  }
}
