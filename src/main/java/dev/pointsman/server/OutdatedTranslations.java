package dev.pointsman.server;

import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.LatestByGateway;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.plan.ReadResults;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests a new translation when objects that the last one has read have changed, and Envoy Gateway has not translated again
 * by itself: it does not watch ReferenceGrants, certificates, adapters, pools and Services for InferencePolicies.
 */
final class OutdatedTranslations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutdatedTranslations.class);

  /** The time between two looks. Envoy Gateway translates by itself within one, if it does. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Supplier<ClusterSnapshot> snapshots;
  private final Consumer<TranslationDemand> translateAgain;
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("outdated-translations").factory());
  private final AtomicBoolean isDue = new AtomicBoolean();
  private final LatestByGateway<ObjectRef, LatestReads> latest =
      new LatestByGateway<>(Integer.MAX_VALUE);

  /** The last translation of some Gateways. */
  private static final class LatestReads {
    private final ReadResults reads;
    private boolean wasOutdated;

    LatestReads(ReadResults reads) {
      this.reads = reads;
    }
  }

  /**
   * Knows no translation.
   *
   * @param translateAgain requests a new translation from Envoy Gateway, without waiting for it
   */
  OutdatedTranslations(
      Supplier<ClusterSnapshot> snapshots, Consumer<TranslationDemand> translateAgain) {
    this.snapshots = snapshots;
    this.translateAgain = translateAgain;
  }

  /** Takes the place of the earlier translations of its Gateways. */
  void translated(TranslationResult result) {
    synchronized (latest) {
      var _ = latest.put(result.gateways(), new LatestReads(result.reads()));
    }
    look(); // the objects may have changed during the translation
  }

  /** Looks soon whether a changed snapshot makes translations outdated. */
  void changed() {
    look();
  }

  private void look() {
    if (!isDue.getAndSet(true) && !looks.isShutdown()) {
      looks.schedule(
          () -> {
            isDue.set(false);
            try {
              request(outdated(snapshots.get()));
            } catch (RuntimeException e) {
              LOG.error(
                  "internal error: outdated translations are not found until the next change", e);
            }
          },
          INTERVAL.toNanos(),
          TimeUnit.NANOSECONDS);
    }
  }

  /**
   * The namespaces whose changes make a translation outdated, the second time that it is seen. A request is made once for
   * each translation: if it does not come, Envoy Gateway calls another replica.
   */
  Set<String> outdated(ClusterSnapshot snapshot) {
    Set<String> namespaces = new HashSet<>();
    synchronized (latest) {
      boolean _ = latest.byGateways().values().removeIf(one -> {
        Set<String> changed = one.reads.changedNamespaces(snapshot);
        boolean isStill = one.wasOutdated && !changed.isEmpty();
        one.wasOutdated = !changed.isEmpty();
        if (isStill) {
          namespaces.addAll(changed);
        } else if (one.wasOutdated) {
          look();
        }
        return isStill;
      });
    }
    return namespaces;
  }

  private void request(Set<String> namespaces) {
    if (!namespaces.isEmpty()) {
      LOG.info(
          "objects of namespaces {} have changed since the last translation, which Envoy Gateway does not watch for policies",
          namespaces);
    }
    // Each namespace is delayed for its own changes: one that changes all the time does not delay
    // the others.
    namespaces.forEach(namespace -> translateAgain.accept(
        new TranslationDemand(Cause.OUTDATED, Set.of(new ObjectRef("Namespace", "", namespace)))));
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
