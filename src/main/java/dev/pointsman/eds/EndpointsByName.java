package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Service;
import dev.pointsman.model.ServicePort;
import dev.pointsman.xds.EdsNames;
import dev.pointsman.xds.NamedEndpoints;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The endpoints of a snapshot by EDS resource name. */
public final class EndpointsByName {
  private EndpointsByName() {}

  /** The endpoints of every pool and of every port of every Service. */
  public static Map<String, List<Endpoint>> of(ClusterSnapshot snapshot) {
    return changed(ClusterSnapshot.EMPTY, snapshot);
  }

  /**
   * The endpoints that may have changed: the ones of objects that are not identical. The change of a pod costs the
   * names of its namespace, independent of the cluster's size.
   */
  static Map<String, List<Endpoint>> changed(ClusterSnapshot before, ClusterSnapshot snapshot) {
    Map<String, List<Endpoint>> byName = new TreeMap<>();
    for (InferencePool pool : snapshot.pools().values()) {
      if (!snapshot.hasSameEndpoints(pool.ref(), before)) {
        snapshot
            .endpointsOf(pool.ref())
            .ifPresent(endpoints -> byName.put(EdsNames.of(pool.ref()), endpoints));
      }
    }
    for (Service service : snapshot.services().values()) {
      ObjectName name = new ObjectName(service.namespace(), service.name());
      if (!snapshot.hasSameEndpoints(name, before)) {
        put(snapshot, service, byName);
      }
    }
    return byName;
  }

  /** The names in the old snapshot whose pool, Service or Service port no longer exists. */
  static Set<String> gone(ClusterSnapshot before, ClusterSnapshot snapshot) {
    Set<String> gone = new TreeSet<>();
    before.pools().keySet().stream()
        .filter(pool -> !snapshot.pools().containsKey(pool))
        .forEach(pool -> gone.add(EdsNames.of(pool)));
    before.services().forEach((name, service) -> {
      if (service != snapshot.services().get(name)) {
        gone.addAll(names(service));
        Optional.ofNullable(snapshot.services().get(name))
            .ifPresent(now -> gone.removeAll(names(now)));
      }
    });
    return gone;
  }

  private static Set<String> names(Service service) {
    return service.ports().stream()
        .map(port -> EdsNames.of(new ServicePort(service.namespace(), service.name(), port.port())))
        .collect(Collectors.toSet());
  }

  private static void put(
      ClusterSnapshot snapshot, Service service, Map<String, List<Endpoint>> byName) {
    for (Service.Port port : service.ports()) {
      ServicePort wanted = new ServicePort(service.namespace(), service.name(), port.port());
      snapshot
          .endpointsOf(wanted)
          .ifPresent(endpoints -> byName.put(EdsNames.of(wanted), endpoints));
    }
  }

  /** The endpoints of the resource with the name, if it is one that nobody announces. */
  public static Optional<List<Endpoint>> asked(ClusterSnapshot snapshot, String name) {
    return NamedEndpoints.parse(name).flatMap(asked -> NamedObjects.of(asked).endpoints(snapshot));
  }

  /** The endpoints as an Envoy message. */
  public static ClusterLoadAssignment message(String name, List<Endpoint> endpoints) {
    return new Assignment(name, 0, endpoints).message();
  }
}
