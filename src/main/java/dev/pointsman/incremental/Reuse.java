package dev.pointsman.incremental;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results that a translation may reuse, and those that it leaves for the next one. Results are reused only where all
 * of their inputs are equal, so that a translation has the same outcome with {@link #NONE}.
 */
public interface Reuse {
  /** Reuses nothing and keeps nothing. */
  Reuse NONE = new Reuse() {
    @Override
    public <K, V> Memo<K, V> memo(Place<K, V> place) {
      return new Memo<>() {
        @Override
        public <E extends Exception> V of(K inputs, Loader<V, E> loader) throws E {
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
   * Keeps a value for the next translation, which drops it unless it keeps it too.
   *
   * @param bytes the memory that it takes, about
   */
  <K, V> void keep(Place<K, V> place, K key, V value, long bytes);
}
