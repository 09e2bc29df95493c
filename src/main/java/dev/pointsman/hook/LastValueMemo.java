package dev.pointsman.hook;

import org.jspecify.annotations.Nullable;

/**
 * The latest value of a function of everything that it depends on, made anew only when that has changed. Translations
 * may ask at the same time: at worst each makes its own.
 *
 * @param <F> what the value is made from; it must not change
 */
final class LastValueMemo<F, V> {
  private volatile @Nullable Made<F, V> latest;

  private record Made<F, V>(F from, V value) {}

  /** Makes a value. */
  interface Loader<V, E extends Exception> {
    /** The value, unless it cannot be made. */
    V make() throws E;
  }

  /** The value. */
  <E extends Exception> V of(F from, Loader<V, E> making) throws E {
    Made<F, V> made = latest;
    if (made == null || !made.from.equals(from)) {
      made = new Made<>(from, making.make());
      latest = made;
    }
    return made.value;
  }
}
