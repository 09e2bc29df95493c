package dev.pointsman.server;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.plan.ReadResults;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The reads of the last translation of some Gateways, and the changes that have outdated them. Not thread-safe. */
final class OutdatedReads {
  private final ReadResults reads;
  private final int patience;
  private boolean isKnown;
  private boolean isSeen;

  /** The number of looks in a row that have seen a change. */
  private final Map<TranslationDemand, Integer> changed = new HashMap<>();

  private final Set<TranslationDemand> requested = new HashSet<>();

  /**
   * Not looked at yet.
   *
   * @param patience the number of looks in which Envoy Gateway may translate a change by itself
   */
  OutdatedReads(ReadResults reads, int patience) {
    this.reads = reads;
    this.patience = patience;
  }

  /**
   * Compares the reads with a snapshot.
   *
   * @param isSame whether all that is read is the same as at the last look
   */
  void look(ClusterSnapshot snapshot, boolean isSame) {
    if (!isSame || !isKnown) {
      Set<TranslationDemand> now = reads.demands(snapshot);
      changed.keySet().retainAll(now);
      now.forEach(demand -> changed.putIfAbsent(demand, 0));
      isKnown = true;
    }
    changed.replaceAll((_, looks) -> looks + 1);
  }

  /** The demands of now, each once: if no translation comes, Envoy Gateway calls another replica. */
  Set<TranslationDemand> due() {
    Set<TranslationDemand> due = new HashSet<>();
    changed.forEach((demand, looks) -> {
      if (looks > patience && requested.add(demand)) {
        due.add(demand);
      }
    });
    return due;
  }

  /**
   * Whether the Gateways were among the objects once, and are not any longer.
   *
   * @param gone whether they are known to be absent: a new one may be translated before it is seen
   */
  boolean isOver(boolean gone) {
    isSeen |= !gone;
    return isSeen && gone;
  }

  /** Whether a demand is still to be made. */
  boolean isWaiting() {
    return !requested.containsAll(changed.keySet());
  }
}
