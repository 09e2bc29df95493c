package dev.pointsman.model;

/** Names any Kubernetes object, for messages. */
public record ObjectRef(String kind, String namespace, String name) {
  /** The pool as an object. */
  public static ObjectRef of(PoolRef pool) {
    return new ObjectRef("InferencePool", pool.namespace(), pool.name());
  }

  @Override
  public String toString() {
    return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
