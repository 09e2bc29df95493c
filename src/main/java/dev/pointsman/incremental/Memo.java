package dev.pointsman.incremental;

/**
 * A function whose result may be reused while its inputs stay equal. It is safe for use by several threads, each of which
 * may compute the result anew.
 *
 * @param <K> everything that the result depends on; it must not change
 * @param <V> the result
 */
public interface Memo<K, V> {
  /** Computes a result. */
  interface Loader<V, E extends Exception> {
    /**
     * The result.
     *
     * @throws E when the inputs have none
     */
    V load() throws E;
  }

  /**
   * The result for the inputs.
   *
   * @param loader computes it from these inputs and nothing else
   * @throws E as the loader throws it; nothing is remembered then
   */
  <E extends Exception> V of(K inputs, Loader<V, E> loader) throws E;
}
