package dev.pointsman.server;

import dev.pointsman.model.LatestByGateway;
import dev.pointsman.model.ObjectRef;
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
  private final LatestByGateway<ObjectRef, Compared> last = new LatestByGateway<>(MOST);

  /** @param seen whether the Gateways were once among the objects: a new one may be translated before that */
  private record Compared(List<String> differences, boolean seen) {}

  /** @param gone whether a Gateway is known to be absent */
  LastDifferences(Predicate<ObjectRef> gone) {
    this.gone = gone;
  }

  /** Keeps the differences of the Gateways of a translation; returns whether the last ones were others. */
  synchronized boolean put(Set<ObjectRef> gateways, List<String> differences) {
    forget();
    List<Compared> before = last.put(gateways, new Compared(differences, false));
    return before.size() != 1 || !before.getFirst().differences().equals(differences);
  }

  /** The number of differences by Gateway ({@code namespace/name}). */
  synchronized Map<String, Integer> counts() {
    forget();
    Map<String, Integer> counts = new TreeMap<>();
    last.byGateways()
        .forEach((gateways, one) ->
            names(gateways).forEach(name -> counts.put(name, one.differences().size())));
    return counts;
  }

  private void forget() {
    last.byGateways()
        .replaceAll((gateways, one) ->
            one.seen() || isGone(gateways) ? one : new Compared(one.differences(), true));
    last.byGateways()
        .entrySet()
        .removeIf(entry -> entry.getValue().seen() && isGone(entry.getKey()));
  }

  private boolean isGone(Set<ObjectRef> gateways) {
    return gateways.stream().allMatch(gone);
  }

  /** The names as {@code namespace/name}; none if the translation does not name its Gateways. */
  static List<String> names(Set<ObjectRef> gateways) {
    return gateways.stream()
        .filter(one -> one.kind().equals("Gateway"))
        .map(one -> one.namespace() + "/" + one.name())
        .sorted()
        .toList();
  }
}
