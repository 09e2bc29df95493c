package dev.pointsman.server;

import dev.pointsman.model.BoundedMap;
import dev.pointsman.model.ObjectRef;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The differences in the last comparison of each Gateway. A deleted Gateway has none: Envoy Gateway stops its translations
 * without a notice.
 */
final class LastDifferences {
  private static final int MOST = 1_000;

  private final Predicate<ObjectRef> gone;
  private final Map<Set<ObjectRef>, Compared> byGateways = new BoundedMap<>(MOST);

  /** @param seen whether the Gateways were once among the objects: a new one may be translated before that */
  private record Compared(List<String> differences, boolean seen) {}

  /** @param gone whether a Gateway is known to be absent */
  LastDifferences(Predicate<ObjectRef> gone) {
    this.gone = gone;
  }

  /** Keeps the differences of the Gateways of a translation; returns whether the last ones were others. */
  synchronized boolean put(Set<ObjectRef> gateways, List<String> differences) {
    forget();
    Compared before = byGateways.remove(gateways);
    // A Gateway has one translation, alone or with others.
    byGateways.keySet().removeIf(other -> !Collections.disjoint(other, gateways));
    byGateways.put(gateways, new Compared(differences, false));
    return before == null || !before.differences().equals(differences);
  }

  /** The number of differences by Gateway ({@code namespace/name}). */
  synchronized Map<String, Integer> counts() {
    forget();
    Map<String, Integer> counts = new TreeMap<>();
    byGateways.forEach((gateways, last) ->
        names(gateways).forEach(name -> counts.put(name, last.differences().size())));
    return counts;
  }

  private void forget() {
    byGateways.replaceAll((gateways, last) ->
        last.seen() || isGone(gateways) ? last : new Compared(last.differences(), true));
    byGateways.entrySet().removeIf(entry -> entry.getValue().seen() && isGone(entry.getKey()));
  }

  private boolean isGone(Set<ObjectRef> gateways) {
    return !gateways.isEmpty() && gateways.stream().allMatch(gone);
  }

  /** The names as {@code namespace/name}. */
  static List<String> names(Set<ObjectRef> gateways) {
    return gateways.stream()
        .map(one -> one.namespace() + "/" + one.name())
        .sorted()
        .toList();
  }
}
