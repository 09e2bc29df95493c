package dev.pointsman.incremental;

/**
 * A step of a translation whose results are reused. Two places of one name are the same place.
 *
 * @param name the name in metrics, such as {@code chunk-plans}
 * @param <K> the inputs that a result depends on, compared with {@code equals}
 * @param <V> the result
 */
public record Place<K, V>(String name) {}
