package dev.pointsman.incremental;

/**
 * A function whose result is reused while its inputs stay equal. It is thread-safe; concurrent callers may each compute
 * the result.
 *
 * @param <K> all inputs of the result; immutable
 * @param <V> the result
 */
public interface Memo<K, V> {
  /** Computes a result. */
  interface ResultLoader<V, E extends Exception> {
    /**
     * Computes the result.
     *
     * @throws E if the inputs have no result
     */
    V load() throws E;
  }

  /**
   * The result for the inputs.
   *
   * @param loader computes the result from these inputs alone
   * @throws E if the loader throws it; nothing is cached then
   */
  <E extends Exception> V of(K inputs, ResultLoader<V, E> loader) throws E;
}
