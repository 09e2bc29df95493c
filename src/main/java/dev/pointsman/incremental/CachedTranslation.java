package dev.pointsman.incremental;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The results of a Gateway's last translation and of the running one. One thread keeps results, other threads may look
 * them up.
 */
final class CachedTranslation implements Reuse {
  private final Results last;
  private final Function<Place<?, ?>, ReuseCounter> counters;
  private final Map<Place<?, ?>, Map<Object, Object>> kept = new HashMap<>();
  private long bytes;

  /**
   * The results of a translation.
   *
   * @param byPlace immutable
   * @param bytes the approximate memory use
   */
  record Results(Map<Place<?, ?>, Map<Object, Object>> byPlace, int bytes) {
    static final Results NONE = new Results(Map.of(), 0);
  }

  CachedTranslation(Results last, Function<Place<?, ?>, ReuseCounter> counters) {
    this.last = last;
    this.counters = counters;
  }

  @Override
  public <K, V> Memo<K, V> memo(Place<K, V> place) {
    return new LastValueMemo<>(counters.apply(place));
  }

  @Override
  @SuppressWarnings("unchecked") // keep() is the one place that fills the maps
  public <K, V> Map<K, V> last(Place<K, V> place) {
    return (Map<K, V>) last.byPlace.getOrDefault(place, Map.of());
  }

  @Override
  public <K, V> void keep(Place<K, V> place, K key, V value, long size) {
    kept.computeIfAbsent(place, _ -> HashMap.newHashMap(last(place).size())).put(key, value);
    bytes += size;
  }

  Results results() {
    return new Results(kept, (int) Math.min(bytes, Integer.MAX_VALUE));
  }
}
