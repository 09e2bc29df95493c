package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;

/**
 * One read of the cluster: a value, whose result depends on the snapshot alone.
 *
 * @param <T> the result, a value as well
 */
public interface ClusterRead<T> {
  /** The result in a snapshot. */
  T in(ClusterSnapshot snapshot);

  /** The namespace whose objects decide the result. */
  String namespace();
}
