package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.TranslationDemand;
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

  /**
   * The demands of the namespaces whose objects give other results in a later snapshot, each of one namespace and one cause;
   * none if the translation is up to date.
   */
  public Set<TranslationDemand> demands(ClusterSnapshot later) {
    Set<TranslationDemand> changed = new HashSet<>();
    byRead.forEach((read, before) -> addChanged(read, before, later, changed));
    return changed;
  }

  @SuppressWarnings("unchecked") // a read is kept with a result of its own
  private static <T> void addChanged(
      ClusterRead<T> read, Object before, ClusterSnapshot later, Set<TranslationDemand> changed) {
    T after = read.in(later);
    if (!after.equals(before)) {
      read.changed((T) before, after)
          .forEach(namespace -> changed.add(new TranslationDemand(
              read.cause(), Set.of(new ObjectRef("Namespace", "", namespace)))));
    }
  }
}
