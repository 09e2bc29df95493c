package dev.pointsman.cli;

import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Endpoints by the name of their EDS resource: from a snapshot and from Envoy Gateway's recorded requests. */
record KnownEndpoints(ClusterSnapshot snapshot, Map<String, ClusterLoadAssignment> byName)
    implements Function<String, ClusterLoadAssignment> {
  static KnownEndpoints of(ClusterSnapshot snapshot, Map<String, ClusterLoadAssignment> recorded) {
    Map<String, ClusterLoadAssignment> byName = new HashMap<>(recorded);
    EndpointsByName.of(snapshot)
        .forEach((name, endpoints) -> byName.put(name, EndpointsByName.message(name, endpoints)));
    return new KnownEndpoints(snapshot, byName);
  }

  @Override
  public ClusterLoadAssignment apply(String name) {
    return EndpointsByName.asked(snapshot, name)
        .map(endpoints -> EndpointsByName.message(name, endpoints))
        .orElse(byName.getOrDefault(name, ClusterLoadAssignment.getDefaultInstance()));
  }

  /** The addresses of a name; empty if nothing is known about it. */
  Optional<List<String>> addresses(String name) {
    return EndpointsByName.asked(snapshot, name)
        .map(endpoints -> endpoints.stream().map(Endpoint::toString).toList())
        .or(() -> Optional.ofNullable(byName.get(name)).map(EndpointsNow::of));
  }
}
