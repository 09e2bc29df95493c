package dev.pointsman.server;

import com.google.common.collect.Comparators;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.LatestByGateway;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.TranslationDemand;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests a new translation when objects that the last one has read have changed, and Envoy Gateway has not translated again
 * by itself: it does not watch ReferenceGrants, certificates, adapters, pools and Services for InferencePolicies.
 */
final class OutdatedTranslations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutdatedTranslations.class);

  /** The time between two looks. Envoy Gateway translates a few routes by itself within one, if it does. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Envoy Gateway's time for many routes, with its calls before this one, in times of Pointsman's own. */
  private static final int WHOLE_TRANSLATION = 10;

  /**
   * The longest time that Envoy Gateway is given: the first translation of a process takes many times as long as all others,
   * and a request too many costs one translation.
   */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final int MOST = 1_000;

  private final Supplier<ClusterSnapshot> snapshots;
  private final Predicate<ObjectRef> gone;
  private final Consumer<TranslationDemand> translateAgain;
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("outdated-translations").factory());
  private final AtomicBoolean isDue = new AtomicBoolean();
  private final LatestByGateway<ObjectRef, OutdatedReads> latest = new LatestByGateway<>(MOST);

  /** The snapshot of the last look. */
  private ClusterSnapshot looked = ClusterSnapshot.EMPTY;

  /**
   * Knows no translation.
   *
   * @param gone whether a Gateway is known to be deleted
   * @param translateAgain requests a new translation from Envoy Gateway, without waiting for it
   */
  OutdatedTranslations(
      Supplier<ClusterSnapshot> snapshots,
      Predicate<ObjectRef> gone,
      Consumer<TranslationDemand> translateAgain) {
    this.snapshots = snapshots;
    this.gone = gone;
    this.translateAgain = translateAgain;
  }

  /** Takes the place of the earlier translations of its Gateways. */
  void translated(TranslationResult result, Duration took) {
    Duration whole = Comparators.min(took.multipliedBy(WHOLE_TRANSLATION), LONGEST);
    int patience = 1 + (int) whole.dividedBy(INTERVAL);
    synchronized (latest) {
      var _ = latest.put(result.gateways(), new OutdatedReads(result.reads(), patience));
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
   * The demands of changes that make a translation outdated, when they have been seen for so long that Envoy Gateway does
   * not translate by itself. No translation waits for a look, and changed endpoints cost none.
   */
  synchronized Set<TranslationDemand> outdated(ClusterSnapshot snapshot) {
    boolean isSame = snapshot.hasSameObjects(looked);
    looked = snapshot;
    present().forEach(one -> one.look(snapshot, isSame));
    Set<TranslationDemand> demands = new HashSet<>();
    for (OutdatedReads one : present()) { // without those that a translation has replaced meanwhile
      demands.addAll(one.due());
      if (one.isWaiting()) {
        look();
      }
    }
    return demands;
  }

  private List<OutdatedReads> present() {
    synchronized (latest) {
      latest
          .byGateways()
          .entrySet()
          .removeIf(one -> one.getValue().isOver(one.getKey().stream().allMatch(gone)));
      return List.copyOf(latest.byGateways().values());
    }
  }

  private void request(Set<TranslationDemand> demands) {
    if (!demands.isEmpty()) {
      Set<String> namespaces = demands.stream()
          .flatMap(demand -> demand.about().stream())
          .map(ObjectRef::name)
          .collect(Collectors.toSet());
      LOG.info(
          "objects of namespaces {} have changed since the last translation, which Envoy Gateway does not watch for policies",
          namespaces);
    }
    // Each namespace is delayed for its own changes: one that changes all the time does not delay
    // the others.
    demands.forEach(translateAgain);
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
