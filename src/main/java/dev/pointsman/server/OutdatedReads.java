package dev.pointsman.server;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.plan.ReadResults;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The reads of the last translation of some Gateways, and the namespaces whose changes have outdated them. Not thread-safe. */
final class OutdatedReads {
  private final ReadResults reads;
  private final int patience;
  private boolean isKnown;

  /** The number of looks in a row that have seen a namespace changed. */
  private final Map<String, Integer> changed = new HashMap<>();

  private final Set<String> requested = new HashSet<>();

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
      Set<String> now = reads.changedNamespaces(snapshot);
      changed.keySet().retainAll(now);
      now.forEach(namespace -> changed.putIfAbsent(namespace, 0));
      isKnown = true;
    }
    changed.replaceAll((_, looks) -> looks + 1);
  }

  /** The namespaces that are to be requested now, each once: if no translation comes, Envoy Gateway calls another replica. */
  Set<String> due() {
    Set<String> due = new HashSet<>();
    changed.forEach((namespace, looks) -> {
      if (looks > patience && requested.add(namespace)) {
        due.add(namespace);
      }
    });
    return due;
  }

  /** Whether a changed namespace is still to be requested. */
  boolean isWaiting() {
    return !requested.containsAll(changed.keySet());
  }
}
