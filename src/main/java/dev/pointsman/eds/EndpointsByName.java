package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.ServicePort;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All endpoints of a snapshot under the names by which Envoy asks for them. */
public final class EndpointsByName {
  private EndpointsByName() {}

  /** The endpoints of every pool and of every port of every Service. */
  public static Map<String, List<Endpoint>> of(ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> byName = new TreeMap<>();
    for (PoolRef pool : snapshot.pools().keySet()) {
      snapshot
          .endpointsOf(pool)
          .ifPresent(endpoints -> byName.put(XdsNames.endpoints(pool), endpoints));
    }
    for (Service service : snapshot.services().values()) {
      for (Service.Port port : service.ports()) {
        ServicePort wanted = new ServicePort(service.namespace(), service.name(), port.port());
        snapshot
            .endpointsOf(wanted)
            .ifPresent(endpoints -> byName.put(XdsNames.endpoints(wanted), endpoints));
      }
    }
    return byName;
  }

  /** The endpoints as Envoy says it. */
  public static ClusterLoadAssignment message(String name, List<Endpoint> endpoints) {
    return new Assignment(name, 0, endpoints).message();
  }
}
