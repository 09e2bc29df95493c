package dev.pointsman.incremental;

import org.jspecify.annotations.Nullable;

/**
 * A memo with one entry: the last inputs and their result. The next translation has the same inputs or their
 * replacement.
 */
final class LastValueMemo<K, V> implements Memo<K, V> {
  private final ReuseCounter counter;
  private volatile @Nullable LastResult<K, V> last;

  private record LastResult<K, V>(K inputs, V result) {}

  LastValueMemo(ReuseCounter counter) {
    this.counter = counter;
  }

  @Override
  public <E extends Exception> V of(K inputs, ResultLoader<V, E> loader) throws E {
    LastResult<K, V> entry = last;
    if (entry != null && entry.inputs.equals(inputs)) {
      counter.addHit();
      return entry.result;
    }
    counter.addMiss();
    LastResult<K, V> loaded = new LastResult<>(inputs, loader.load());
    last = loaded;
    return loaded.result;
  }
}
