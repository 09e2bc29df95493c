package dev.pointsman.model;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map that drops its oldest entry when it would have more than it may. An entry keeps its age when its value is replaced.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int most;

  /**
   * An empty map.
   *
   * @param most the largest number of its entries
   */
  public BoundedMap(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
