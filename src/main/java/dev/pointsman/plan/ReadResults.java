package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The reads of a translation and their results, without the snapshot, which is large. */
public record ReadResults(Map<ClusterRead<?>, Object> byRead) {
  /** No reads. */
  public static final ReadResults NONE = new ReadResults(Map.of());

  public ReadResults {
    byRead = Map.copyOf(byRead);
  }

  /** The namespaces whose objects give other results in a later snapshot; none if the translation is up to date. */
  public Set<String> changedNamespaces(ClusterSnapshot later) {
    Set<String> changed = new HashSet<>();
    byRead.forEach((read, before) -> addChanged(read, before, later, changed));
    return changed;
  }

  @SuppressWarnings("unchecked") // a read is kept with a result of its own
  private static <T> void addChanged(
      ClusterRead<T> read, Object before, ClusterSnapshot later, Set<String> changed) {
    T after = read.in(later);
    if (!after.equals(before)) {
      changed.addAll(read.changed((T) before, after));
    }
  }
}
