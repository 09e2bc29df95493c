package dev.pointsman.golden;

import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.ClusterSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Snapshots with a ConfigMap of many adapters. */
final class ManyAdapters {
  private ManyAdapters() {}

  static AdapterMap many(String namespace, int count) {
    return new AdapterMap(
        namespace,
        "many",
        "qwen",
        IntStream.range(0, count).mapToObj("tenant/adapter-%05d"::formatted).toList());
  }

  static ClusterSnapshot added(ClusterSnapshot known, AdapterMap more) {
    List<AdapterMap> adapters = new ArrayList<>(known.adapters());
    adapters.add(more);
    return new ClusterSnapshot(
        known.synced(),
        known.pools(),
        known.pods(),
        known.services(),
        known.slices(),
        known.routes(),
        known.models(),
        adapters,
        known.grants(),
        known.certificates());
  }
}
