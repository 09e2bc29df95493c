package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The reads of a translation and their results, without the snapshot, which is large. */
public record ReadResults(Map<ClusterRead<?>, Object> byRead) {
  /** No reads. */
  public static final ReadResults NONE = new ReadResults(Map.of());

  public ReadResults {
    byRead = Map.copyOf(byRead);
  }

  /** The namespaces whose objects give other results in a later snapshot; none if the translation is up to date. */
  public Set<String> changedNamespaces(ClusterSnapshot later) {
    return byRead.entrySet().stream()
        .filter(read -> !read.getKey().in(later).equals(read.getValue()))
        .map(read -> read.getKey().namespace())
        .collect(Collectors.toSet());
  }
}
