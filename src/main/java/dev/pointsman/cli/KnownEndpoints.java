package dev.pointsman.cli;

import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.model.ClusterSnapshot;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Endpoints by the name of their EDS resource: from a snapshot and from Envoy Gateway's recorded requests. */
record KnownEndpoints(Map<String, ClusterLoadAssignment> byName)
    implements Function<String, ClusterLoadAssignment> {
  static KnownEndpoints of(ClusterSnapshot snapshot, Map<String, ClusterLoadAssignment> recorded) {
    Map<String, ClusterLoadAssignment> byName = new HashMap<>(recorded);
    EndpointsByName.of(snapshot)
        .forEach((name, endpoints) -> byName.put(name, EndpointsByName.message(name, endpoints)));
    return new KnownEndpoints(byName);
  }

  @Override
  public ClusterLoadAssignment apply(String name) {
    return byName.getOrDefault(name, ClusterLoadAssignment.getDefaultInstance());
  }
}
