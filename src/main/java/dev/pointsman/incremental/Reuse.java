package dev.pointsman.incremental;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results that a translation reuses, and the results that it keeps for the next one. A result is reused only if all
 * of its inputs are equal, so the outcome is the same with {@link #NONE}.
 */
public interface Reuse {
  /** Reuses nothing and keeps nothing. */
  Reuse NONE = new Reuse() {
    @Override
    public <K, V> Memo<K, V> memo(Place<K, V> place) {
      return new Memo<>() {
        @Override
        public <E extends Exception> V of(K inputs, ResultLoader<V, E> loader) throws E {
          return loader.load();
        }
      };
    }

    @Override
    public <K, V> Map<K, V> last(Place<K, V> place) {
      return Map.of();
    }

    @Override
    public <K, V> void keep(Place<K, V> place, K key, V value, long bytes) {}
  };

  /** A memo for an object that the translation keeps. */
  <K, V> Memo<K, V> memo(Place<K, V> place);

  /** The values that the last translation kept at the place. The map does not change. */
  <K, V> Map<K, V> last(Place<K, V> place);

  /** The value that the last translation kept at the place under the key; null if there is none. */
  default <K, V> @Nullable V last(Place<K, V> place, K key) {
    return last(place).get(key);
  }

  /**
   * Keeps a value for the next translation, which drops it unless it keeps it again.
   *
   * @param bytes the approximate memory use
   */
  <K, V> void keep(Place<K, V> place, K key, V value, long bytes);
}
