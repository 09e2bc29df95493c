package dev.pointsman.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The pods of a pool that have labels beside those of the pool's selector.
 *
 * @param namespace of the policy that says so, which may be another one than the pool's
 * @param labels at least one, sorted by name
 */
public record Subset(String namespace, SortedMap<String, String> labels) {
  public Subset {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** The labels of the pods; empty if a label of the pool's selector has another value, so that no pod has both. */
  public Map<String, String> within(Map<String, String> selector) {
    Map<String, String> all = new TreeMap<>(selector);
    labels.forEach(all::putIfAbsent);
    return all.entrySet().containsAll(labels.entrySet()) ? all : Map.of();
  }
}
