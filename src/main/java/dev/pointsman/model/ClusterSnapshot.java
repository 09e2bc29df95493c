package dev.pointsman.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Everything that we know of the cluster at one moment. Immutable; sources swap it whole.
 *
 * @param synced whether the source has read everything once; until then an absent object may well exist
 */
public record ClusterSnapshot(
    boolean synced,
    Map<PoolRef, InferencePool> pools,
    Map<String, List<Pod>> podsByNamespace,
    Map<ServiceRef, Service> services,
    Map<ServiceRef, List<EndpointSlice>> slices) {
  /** Nothing known yet. */
  public static final ClusterSnapshot EMPTY =
      new ClusterSnapshot(false, Map.of(), Map.of(), Map.of(), Map.of());

  /** Names a Service. */
  public record ServiceRef(String namespace, String name) {}

  public ClusterSnapshot {
    pools = Map.copyOf(pools);
    podsByNamespace = Map.copyOf(podsByNamespace);
    services = Map.copyOf(services);
    slices = Map.copyOf(slices);
  }

  /** A synced snapshot of these objects; of two with one name the first is used. */
  public static ClusterSnapshot of(
      Collection<InferencePool> pools,
      Collection<Pod> pods,
      Collection<Service> services,
      Collection<EndpointSlice> slices) {
    return new ClusterSnapshot(
        true,
        pools.stream()
            .collect(
                Collectors.toMap(InferencePool::ref, Function.identity(), (first, _) -> first)),
        pods.stream().collect(Collectors.groupingBy(Pod::namespace)),
        services.stream()
            .collect(Collectors.toMap(
                service -> new ServiceRef(service.namespace(), service.name()),
                Function.identity(),
                (first, _) -> first)),
        slices.stream()
            .collect(Collectors.groupingBy(
                slice -> new ServiceRef(slice.namespace(), slice.service()))));
  }

  /**
   * Where a pool's ready pods serve: each pod on each target port, in a stable order.
   *
   * @return empty when the pool is not known
   */
  public Optional<List<Endpoint>> endpointsOf(PoolRef ref) {
    return Optional.ofNullable(pools.get(ref)).map(pool -> {
      TreeSet<Endpoint> endpoints = new TreeSet<>();
      for (Pod pod : selected(ref.namespace(), pool.selector())) {
        pool.targetPorts().forEach(port -> endpoints.add(new Endpoint(pod.ip(), port)));
      }
      return List.copyOf(endpoints);
    });
  }

  /**
   * Where a Service's port is answered: its EndpointSlices' ready addresses and, where it has no slices, its selector's
   * ready pods, in a stable order.
   *
   * @return empty when the Service or its port is not known
   */
  public Optional<List<Endpoint>> endpointsOf(ServicePort wanted) {
    ServiceRef ref = new ServiceRef(wanted.namespace(), wanted.name());
    Service service = services.get(ref);
    if (service == null) {
      return Optional.empty();
    }
    return service.ports().stream()
        .filter(port -> port.port() == wanted.port())
        .findFirst()
        .map(port -> {
          TreeSet<Endpoint> endpoints = new TreeSet<>();
          List<EndpointSlice> known = slices.getOrDefault(ref, List.of());
          for (EndpointSlice slice : known) {
            Integer target = slice.ports().get(port.name());
            if (target != null) {
              slice.addresses().forEach(address -> endpoints.add(new Endpoint(address, target)));
            }
          }
          if (known.isEmpty() && !service.selector().isEmpty() && port.targetPort() > 0) {
            for (Pod pod : selected(ref.namespace(), service.selector())) {
              endpoints.add(new Endpoint(pod.ip(), port.targetPort()));
            }
          }
          return List.copyOf(endpoints);
        });
  }

  private List<Pod> selected(String namespace, Map<String, String> selector) {
    List<Pod> selected = new ArrayList<>();
    for (Pod pod : podsByNamespace.getOrDefault(namespace, List.of())) {
      if (pod.serves() && pod.labels().entrySet().containsAll(selector.entrySet())) {
        selected.add(pod);
      }
    }
    return selected;
  }
}
