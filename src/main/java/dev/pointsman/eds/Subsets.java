package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.xds.SubsetResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The subsets that proxies have asked for, the last {@value #MOST} of them. */
final class Subsets {
  private static final int MOST = 10_000;

  private final Map<String, SubsetResource> asked = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, SubsetResource> eldest) {
      return size() > MOST;
    }
  };

  /** Adds the subsets among the names, and returns the endpoints that are known. */
  Map<String, List<Endpoint>> add(Iterable<String> names, ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> endpoints = new TreeMap<>();
    for (String name : names) {
      SubsetResource.parse(name).ifPresent(subset -> {
        asked.put(name, subset);
        EndpointsByName.of(snapshot, subset).ifPresent(own -> endpoints.put(name, own));
      });
    }
    return endpoints;
  }

  /** The endpoints that may have changed. */
  Map<String, List<Endpoint>> changed(ClusterSnapshot before, ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> endpoints = new TreeMap<>();
    asked.forEach((name, subset) -> {
      if (!subset.pools().stream().allMatch(pool -> snapshot.hasSameEndpoints(pool, before))) {
        EndpointsByName.of(snapshot, subset).ifPresent(own -> endpoints.put(name, own));
      }
    });
    return endpoints;
  }
}
