package dev.pointsman.eds;

import dev.pointsman.model.BoundedMap;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.xds.NamedEndpoints;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The resources without an announcement that proxies have asked for, the last {@value #MOST} of them. */
final class AskedEndpoints {
  private static final int MOST = 10_000;

  private final Map<String, NamedEndpoints> asked = new BoundedMap<>(MOST);

  /** Adds those among the names, and returns the endpoints that are known. */
  Map<String, List<Endpoint>> add(Iterable<String> names, ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> endpoints = new TreeMap<>();
    for (String name : names) {
      NamedEndpoints.parse(name).ifPresent(resource -> {
        asked.put(name, resource);
        EndpointsByName.of(snapshot, resource).ifPresent(own -> endpoints.put(name, own));
      });
    }
    return endpoints;
  }

  /** The endpoints that may have changed. */
  Map<String, List<Endpoint>> changed(ClusterSnapshot before, ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> endpoints = new TreeMap<>();
    asked.forEach((name, resource) -> {
      if (!EndpointsByName.areSame(resource, before, snapshot)) {
        EndpointsByName.of(snapshot, resource).ifPresent(own -> endpoints.put(name, own));
      }
    });
    return endpoints;
  }
}
