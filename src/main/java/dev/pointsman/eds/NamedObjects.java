package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.Subset;
import dev.pointsman.xds.CheckedService;
import dev.pointsman.xds.EdsNames;
import dev.pointsman.xds.NamedEndpoints;
import dev.pointsman.xds.SubsetResource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The objects whose endpoints a resource has, as its name says: pools or the port of a Service.
 *
 * @param subset of the pools; empty: all pods
 */
record NamedObjects(List<PoolRef> pools, Optional<Subset> subset, Optional<ServicePort> service) {
  /** The objects of the resource with the name; empty if the name is none of ours. */
  static Optional<NamedObjects> of(String name) {
    return NamedEndpoints.parse(name)
        .map(NamedObjects::of)
        .or(() -> EdsNames.pool(name)
            .map(pool -> new NamedObjects(List.of(pool), Optional.empty(), Optional.empty())))
        .or(() -> EdsNames.service(name).map(NamedObjects::of));
  }

  static NamedObjects of(NamedEndpoints named) {
    return switch (named) {
      case SubsetResource subset ->
        new NamedObjects(subset.pools(), Optional.of(subset.subset()), Optional.empty());
      case CheckedService checked -> of(checked.service());
    };
  }

  private static NamedObjects of(ServicePort service) {
    return new NamedObjects(List.of(), Optional.empty(), Optional.of(service));
  }

  /** The namespaces of the objects. */
  Set<String> namespaces() {
    return Stream.concat(
            pools.stream().map(PoolRef::namespace), service.stream().map(ServicePort::namespace))
        .collect(Collectors.toSet());
  }

  /** The namespace of the first object. */
  String namespace() {
    return service.map(ServicePort::namespace).orElseGet(() -> pools.getFirst().namespace());
  }

  /** The endpoints; empty if one of the objects or its pods are not known. */
  Optional<List<Endpoint>> endpoints(ClusterSnapshot snapshot) {
    return isComplete(snapshot) ? remaining(snapshot) : Optional.empty();
  }

  /** The endpoints without objects that the snapshot has not got; empty if pods of the others are not known. */
  Optional<List<Endpoint>> remaining(ClusterSnapshot snapshot) {
    TreeSet<Endpoint> all = new TreeSet<>();
    for (PoolRef pool : pools) {
      if (snapshot.pools().containsKey(pool)) {
        Optional<List<Endpoint>> own = snapshot.endpointsOf(pool, subset);
        if (own.isEmpty()) {
          return Optional.empty();
        }
        all.addAll(own.get());
      }
    }
    if (service.isPresent() && snapshot.has(service.get())) {
      return snapshot.endpointsOf(service.get());
    }
    return Optional.of(List.copyOf(all));
  }

  /** Whether the snapshot has all of the objects. */
  boolean isComplete(ClusterSnapshot snapshot) {
    return snapshot.pools().keySet().containsAll(pools) && service.stream().allMatch(snapshot::has);
  }

  /** Whether the objects and their pods are identical in an earlier snapshot. */
  boolean areSame(ClusterSnapshot before, ClusterSnapshot snapshot) {
    return pools.stream().allMatch(pool -> snapshot.hasSameEndpoints(pool, before))
        && service.stream()
            .allMatch(port ->
                snapshot.hasSameEndpoints(new ObjectName(port.namespace(), port.name()), before));
  }
}
