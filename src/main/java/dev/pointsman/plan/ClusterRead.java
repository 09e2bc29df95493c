package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.TranslationDemand.Cause;
import java.util.Set;

/**
 * One read of the cluster: a value, whose result depends on the snapshot alone.
 *
 * @param <T> the result, a value as well
 */
public interface ClusterRead<T> {
  /** The result in a snapshot. */
  T in(ClusterSnapshot snapshot);

  /** The cause of a new translation when the result is another one. */
  default Cause cause() {
    return Cause.OUTDATED;
  }

  /** The namespaces whose objects are the reason for another result. */
  Set<String> changed(T before, T after);

  /** A read whose result the objects of one namespace decide. */
  interface OfOneNamespace<T> extends ClusterRead<T> {
    /** The namespace. */
    String namespace();

    @Override
    default Set<String> changed(T before, T after) {
      return Set.of(namespace());
    }
  }
}
