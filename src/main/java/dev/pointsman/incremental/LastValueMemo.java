package dev.pointsman.incremental;

import org.jspecify.annotations.Nullable;

/** A memo of the last inputs and their result: the next translation asks for the same ones, or for those that replace them. */
final class LastValueMemo<K, V> implements Memo<K, V> {
  private final ReuseCounter counter;
  private volatile @Nullable Entry<K, V> last;

  private record Entry<K, V>(K inputs, V result) {}

  LastValueMemo(ReuseCounter counter) {
    this.counter = counter;
  }

  @Override
  public <E extends Exception> V of(K inputs, Loader<V, E> loader) throws E {
    Entry<K, V> entry = last;
    if (entry != null && entry.inputs.equals(inputs)) {
      counter.addHit();
      return entry.result;
    }
    counter.addMiss();
    Entry<K, V> loaded = new Entry<>(inputs, loader.load());
    last = loaded;
    return loaded.result;
  }
}
