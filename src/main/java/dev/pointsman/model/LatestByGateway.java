package dev.pointsman.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The latest value of each Gateway, or of several that Envoy Gateway merges. A Gateway has one translation, alone or with
 * others, so that a newer value replaces every older one that shares a Gateway with it.
 *
 * @param <G> the type of a Gateway's name
 * @param <V> the values' type
 */
public final class LatestByGateway<G, V> {
  private final SequencedMap<Set<G>, V> values;

  /**
   * Without a value.
   *
   * @param most the largest number of values; the oldest one is dropped above it
   */
  public LatestByGateway(int most) {
    values = new BoundedMap<>(most);
  }

  /** Adds the value of some Gateways; returns the values that it replaces, the oldest first. */
  public List<V> put(Set<G> gateways, V value) {
    List<V> replaced = new ArrayList<>();
    for (Map.Entry<Set<G>, V> entry : List.copyOf(values.entrySet())) {
      Set<G> older = entry.getKey();
      if (older.equals(gateways) || !Collections.disjoint(older, gateways)) {
        replaced.add(entry.getValue());
        var _ = values.remove(older);
      }
    }
    values.put(gateways, value);
    return replaced;
  }

  /** The values by their Gateways, the oldest first; changes of the map are changes here. */
  public SequencedMap<Set<G>, V> byGateways() {
    return values;
  }
}
