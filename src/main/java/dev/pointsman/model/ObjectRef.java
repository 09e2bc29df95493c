package dev.pointsman.model;

/** A reference to any Kubernetes object, for messages. */
public record ObjectRef(String kind, String namespace, String name) {
  /** The reference to a pool. */
  public static ObjectRef of(PoolRef pool) {
    return new ObjectRef("InferencePool", pool.namespace(), pool.name());
  }

  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
