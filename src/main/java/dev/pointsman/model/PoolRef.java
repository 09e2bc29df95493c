package dev.pointsman.model;

import java.util.Comparator;

/**
 * The name of an InferencePool. Pools of the two API groups are different pools, even with the same name.
 *
 * @param group {@link #V1} or {@link #V1ALPHA2}
 */
public record PoolRef(String group, String namespace, String name) implements Comparable<PoolRef> {
  /** The API group of InferencePool v1. */
  public static final String V1 = "inference.networking.k8s.io";
  /** The API group of InferencePool v1alpha2. */
  public static final String V1ALPHA2 = "inference.networking.x-k8s.io";

  private static final Comparator<PoolRef> ORDER = Comparator.comparing(PoolRef::namespace)
      .thenComparing(PoolRef::name)
      .thenComparing(PoolRef::group);

  /** The field of such a pool that names the endpoint picker, below {@code spec}. */
  public String pickerField() {
    return group.equals(V1) ? "endpointPickerRef" : "extensionRef";
  }

  @Override
  public int compareTo(PoolRef other) {
    return ORDER.compare(this, other);
  }

  /** {@code namespace/name}, for messages. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
