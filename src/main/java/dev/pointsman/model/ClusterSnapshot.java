package dev.pointsman.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The known objects of the cluster at one moment. Immutable; sources replace it as a whole. Made by {@link
 * ClusterObjects}.
 *
 * @param synced whether the source has read everything once; before that a missing object may exist
 * @param slices by the Service that they belong to
 * @param models InferenceModels, the oldest first: of two for one name in one pool the first has effect
 * @param adapters base models and their adapters, by namespace and name
 * @param certificates by namespace and reference; a reference without a certificate is absent
 */
public record ClusterSnapshot(
    boolean synced,
    Map<PoolRef, InferencePool> pools,
    PodIndex pods,
    Map<ObjectName, Service> services,
    Map<ObjectName, List<EndpointSlice>> slices,
    Map<ObjectName, HttpRouteRules> routes,
    List<InferenceModel> models,
    List<AdapterMap> adapters,
    GrantIndex grants,
    Map<String, Map<CertificateRef, Certificates>> certificates) {
  /** A snapshot without objects, not synced. */
  public static final ClusterSnapshot EMPTY = new ClusterSnapshot(
      false,
      Map.of(),
      PodIndex.UNREAD,
      Map.of(),
      Map.of(),
      Map.of(),
      List.of(),
      List.of(),
      GrantIndex.NONE,
      Map.of());

  /** The name of an object whose kind is given by the context. */
  public record ObjectName(String namespace, String name) {}

  public ClusterSnapshot {
    pools = Map.copyOf(pools);
    services = Map.copyOf(services);
    slices = Map.copyOf(slices);
    routes = Map.copyOf(routes);
    models = List.copyOf(models);
    adapters = List.copyOf(adapters);
    certificates = Map.copyOf(certificates);
  }

  /** This snapshot with more pools; of two with one name its own stays. */
  public ClusterSnapshot and(Map<PoolRef, InferencePool> more) {
    Map<PoolRef, InferencePool> all = new HashMap<>(more);
    all.putAll(pools);
    return new ClusterSnapshot(
        synced, all, pods, services, slices, routes, models, adapters, grants, certificates);
  }

  /** Whether there is the Service with the port. */
  public boolean has(ServicePort servicePort) {
    Service service = services.get(new ObjectName(servicePort.namespace(), servicePort.name()));
    return service != null
        && service.ports().stream().anyMatch(port -> port.port() == servicePort.port());
  }

  /** An HTTPRoute, if the snapshot has it. */
  public Optional<HttpRouteRules> route(String namespace, String name) {
    return Optional.ofNullable(routes.get(new ObjectName(namespace, name)));
  }

  /** The model and its adapters, according to the namespace's ConfigMaps. */
  public List<String> withAdapters(String namespace, String baseModel) {
    return Stream.concat(
            Stream.of(baseModel),
            adapters.stream()
                .filter(
                    map -> map.namespace().equals(namespace) && map.baseModel().equals(baseModel))
                .flatMap(map -> map.adapters().stream()))
        .distinct()
        .toList();
  }

  /** A CA's certificates of a reference in a policy of the namespace, as PEM. */
  public Optional<String> caCertificate(String namespace, CertificateRef ref) {
    return certificates(namespace, ref).flatMap(Certificates::authorities);
  }

  /** The client certificate of a reference in a policy of the namespace. */
  public Optional<ClientCertificate> clientCertificate(String namespace, CertificateRef ref) {
    return certificates(namespace, ref).flatMap(Certificates::client);
  }

  /** Whether the reference is not read, because the policies of the namespace name too many. */
  public boolean isLeftOut(String namespace, CertificateRef ref) {
    return certificates(namespace, ref).filter(Certificates::leftOut).isPresent();
  }

  private Optional<Certificates> certificates(String namespace, CertificateRef ref) {
    return Optional.ofNullable(certificates.getOrDefault(namespace, Map.of()).get(ref));
  }

  /**
   * Whether an object may refer to an object of this namespace: always within one namespace, else with a
   * ReferenceGrant.
   */
  public boolean permits(
      ReferenceGrant.From who, String namespace, String group, String kind, String name) {
    return who.namespace().equals(namespace) || grants.permits(who, namespace, group, kind, name);
  }

  /**
   * The endpoints of a pool's ready pods: each pod on each target port, in a stable order.
   *
   * @return empty if the pool or the pods of its namespace are not known
   */
  public Optional<List<Endpoint>> endpointsOf(PoolRef ref) {
    return endpointsOf(ref, Optional.empty());
  }

  /**
   * The endpoints of a pool's ready pods in a subset.
   *
   * @param subset empty: all pods
   * @return empty if the pool or the pods of its namespace are not known
   */
  public Optional<List<Endpoint>> endpointsOf(PoolRef ref, Optional<Subset> subset) {
    if (!pods.isRead(ref.namespace())) {
      return Optional.empty();
    }
    return Optional.ofNullable(pools.get(ref)).map(pool -> {
      Map<String, String> labels =
          subset.map(one -> one.within(pool.selector())).orElse(pool.selector());
      TreeSet<Endpoint> endpoints = new TreeSet<>();
      for (Pod pod : labels.isEmpty() ? List.<Pod>of() : pods.serving(ref.namespace(), labels)) {
        pool.targetPorts().forEach(port -> endpoints.add(new Endpoint(pod.ip(), port)));
      }
      return List.copyOf(endpoints);
    });
  }

  /** The pods that a pool's selector selects and that have not ended; none if those of its namespace are not known. */
  public List<Pod> podsOf(InferencePool pool) {
    return pods.selected(pool.ref().namespace(), pool.selector()).toList();
  }

  /**
   * The endpoints of a Service's port, in a stable order: its EndpointSlices' ready addresses or, without slices, its
   * selector's ready pods.
   *
   * @return empty if the Service or its port is not known, or if it has no slices and the pods of its namespace are not
   *     known; no endpoints for a Service of type ExternalName, even if EndpointSlices exist for it
   */
  public Optional<List<Endpoint>> endpointsOf(ServicePort servicePort) {
    ObjectName ref = new ObjectName(servicePort.namespace(), servicePort.name());
    Service service = services.get(ref);
    if (service == null || !slices.containsKey(ref) && !pods.isRead(ref.namespace())) {
      return Optional.empty();
    }
    return service.ports().stream()
        .filter(port -> port.port() == servicePort.port())
        .findFirst()
        .map(port -> {
          if (service.external()) {
            return List.of();
          }
          TreeSet<Endpoint> endpoints = new TreeSet<>();
          List<EndpointSlice> serviceSlices = slices.getOrDefault(ref, List.of());
          for (EndpointSlice slice : serviceSlices) {
            Integer target = slice.ports().get(port.name());
            if (target != null) {
              slice.addresses().forEach(address -> endpoints.add(new Endpoint(address, target)));
            }
          }
          if (serviceSlices.isEmpty() && !service.selector().isEmpty() && port.targetPort() > 0) {
            for (Pod pod : pods.serving(ref.namespace(), service.selector())) {
              endpoints.add(new Endpoint(pod.ip(), port.targetPort()));
            }
          }
          return List.copyOf(endpoints);
        });
  }

  /**
   * Whether the pool and the pods of its namespace are identical in an earlier snapshot. Compares references only, and so
   * may miss equal ones.
   */
  public boolean hasSameEndpoints(PoolRef pool, ClusterSnapshot before) {
    return pools.get(pool) == before.pools.get(pool)
        && pods.isSameIn(pool.namespace(), before.pods);
  }

  /**
   * Whether the Service, its EndpointSlices and the pods of its namespace are the same in an earlier snapshot. Compares
   * references of Services and pods only, and so may miss equal ones.
   */
  public boolean hasSameEndpoints(ObjectName service, ClusterSnapshot before) {
    return services.get(service) == before.services.get(service)
        && Objects.equals(slices.get(service), before.slices.get(service))
        && pods.isSameIn(service.namespace(), before.pods);
  }

  /**
   * Whether all objects but pods and EndpointSlices are the same in an earlier snapshot. Compares references only, and so
   * may miss equal ones.
   */
  public boolean hasSameObjects(ClusterSnapshot before) {
    return pools == before.pools
        && services == before.services
        && routes == before.routes
        && models == before.models
        && adapters == before.adapters
        && grants == before.grants
        && certificates == before.certificates;
  }

  /** The reason why a Service's port has no endpoints; empty if it may have some, also if they are not known. */
  public Optional<ServiceRefusal> refusal(ServicePort servicePort) {
    Service service = services.get(new ObjectName(servicePort.namespace(), servicePort.name()));
    if (service == null) {
      return Optional.of(ServiceRefusal.NO_SERVICE);
    }
    if (service.external()) {
      return Optional.of(ServiceRefusal.EXTERNAL);
    }
    return service.ports().stream().anyMatch(port -> port.port() == servicePort.port())
        ? Optional.empty()
        : Optional.of(ServiceRefusal.NO_PORT);
  }
}
