package dev.pointsman.model;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects the objects of a snapshot; of two objects with one name the first is used. */
public final class ClusterObjects {
  private final Map<PoolRef, InferencePool> pools = new LinkedHashMap<>();
  private final List<Pod> pods = new ArrayList<>();
  private final Map<ObjectName, Service> services = new LinkedHashMap<>();
  private final List<EndpointSlice> slices = new ArrayList<>();
  private final Map<ObjectName, HttpRouteRules> routes = new LinkedHashMap<>();
  private final List<InferenceModel> models = new ArrayList<>();
  private final List<AdapterMap> adapters = new ArrayList<>();
  private final List<ReferenceGrant> grants = new ArrayList<>();
  private final List<Certificates> certificates = new ArrayList<>();

  /** Adds a pool. */
  public ClusterObjects add(InferencePool pool) {
    pools.putIfAbsent(pool.ref(), pool);
    return this;
  }

  /** Adds a pod. */
  public ClusterObjects add(Pod pod) {
    pods.add(pod);
    return this;
  }

  /** Adds a Service. */
  public ClusterObjects add(Service service) {
    services.putIfAbsent(new ObjectName(service.namespace(), service.name()), service);
    return this;
  }

  /** Adds one of a Service's EndpointSlices. */
  public ClusterObjects add(EndpointSlice slice) {
    slices.add(slice);
    return this;
  }

  /** Adds an HTTPRoute. */
  public ClusterObjects add(HttpRouteRules route) {
    routes.putIfAbsent(new ObjectName(route.namespace(), route.name()), route);
    return this;
  }

  /** Adds an InferenceModel. */
  public ClusterObjects add(InferenceModel model) {
    models.add(model);
    return this;
  }

  /** Adds a base model's adapters. */
  public ClusterObjects add(AdapterMap map) {
    adapters.add(map);
    return this;
  }

  /** Adds a ReferenceGrant. */
  public ClusterObjects add(ReferenceGrant grant) {
    grants.add(grant);
    return this;
  }

  /** Adds the certificates of a ConfigMap or Secret. */
  public ClusterObjects add(Certificates read) {
    certificates.add(read);
    return this;
  }

  /** A synced snapshot of all added objects. */
  public ClusterSnapshot snapshot() {
    models.sort(InferenceModel.OLDEST_FIRST);
    adapters.sort(Comparator.comparing(AdapterMap::namespace).thenComparing(AdapterMap::name));
    return new ClusterSnapshot(
        true,
        pools,
        PodIndex.of(pods),
        services,
        slices.stream()
            .collect(
                Collectors.groupingBy(slice -> new ObjectName(slice.namespace(), slice.service()))),
        routes,
        models,
        adapters,
        new GrantIndex(grants),
        certificates.stream()
            .collect(Collectors.groupingBy(
                Certificates::namespace,
                Collectors.toMap(Certificates::ref, one -> one, Certificates::and))));
  }
}
