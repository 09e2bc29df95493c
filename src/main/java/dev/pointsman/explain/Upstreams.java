package dev.pointsman.explain;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.PickerUse;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.SubsetResource;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Clusters and pickers of a translation. */
final class Upstreams {
  /** The response if the picker cannot be asked and must be. */
  static final Answered PICKER_FAILS =
      new Answered(503, "", "the endpoint picker has no endpoint and fails closed");

  /** The response if no pod has the labels of the subset of which a picker would be told. */
  static final Answered EMPTY_SUBSET =
      new Answered(503, "no_endpoints_in_subset", "no ready pod has the labels of the subset");

  private static final double ALL = 100;

  private final GatewayXds xds;
  private final EndpointsNow endpoints;
  private final List<MirrorLoop> loops;

  Upstreams(GatewayXds xds, EndpointsNow endpoints) {
    this.xds = xds;
    this.endpoints = endpoints;
    loops = MirrorLoop.of(xds.listeners());
  }

  Optional<Cluster> cluster(String name) {
    return Optional.ofNullable(xds.clusters().get(name));
  }

  /** Whether the cluster tells pickers a subset that has no endpoint now. */
  boolean hasEmptySubset(String cluster) {
    return cluster(cluster).flatMap(Upstreams::hint).isPresent()
        && endpoints(cluster).map(List::isEmpty).orElse(false);
  }

  private static Optional<String> subset(Cluster cluster) {
    return SubsetResource.parse(cluster.getEdsClusterConfig().getServiceName())
        .map(resource -> resource.subset().labels().entrySet().stream()
            .map(Map.Entry::toString)
            .collect(Collectors.joining(", ")));
  }

  private static Optional<SubsetResource> hint(Cluster cluster) {
    return SubsetResource.parse(cluster.getEdsClusterConfig().getServiceName())
        .filter(SubsetResource::isHint);
  }

  /** The unix socket of a cluster, if it has one. */
  static String pipe(Cluster cluster) {
    return hint(cluster).map(SubsetResource::socket).orElseGet(() -> staticPipe(cluster));
  }

  private static String staticPipe(Cluster cluster) {
    return cluster.getLoadAssignment().getEndpointsList().stream()
        .flatMap(locality -> locality.getLbEndpointsList().stream())
        .map(endpoint -> endpoint.getEndpoint().getAddress().getPipe().getPath())
        .findFirst()
        .orElse("");
  }

  Optional<List<String>> endpoints(String clusterName) {
    return cluster(clusterName).flatMap(this::endpoints);
  }

  private Optional<List<String>> endpoints(Cluster cluster) {
    // Envoy finds them by the request, as for a Backend of the type DynamicResolver; clusters of
    // host names have a list.
    boolean isByRequest = cluster.hasClusterType()
        ? !cluster.hasLoadAssignment()
        : cluster.getType() == DiscoveryType.ORIGINAL_DST;
    if (isByRequest) {
      return Optional.empty();
    }
    String service = cluster.getEdsClusterConfig().getServiceName();
    return cluster.getType() == DiscoveryType.EDS
        ? endpoints.of(service.isEmpty() ? cluster.getName() : service)
        : Optional.of(EndpointsNow.of(cluster.getLoadAssignment()));
  }

  /**
   * A share of a rule.
   *
   * @param filters the configurations of filters for the share
   * @param notFound the status if its cluster does not exist
   */
  TrafficShare share(
      String name,
      double percent,
      Map<String, Any> filters,
      int notFound,
      Entrance entrance,
      RequestState request)
      throws InvalidProtocolBufferException {
    Optional<Cluster> cluster = cluster(name);
    Optional<PickerUse> picker = picker(filters, entrance, request);
    Optional<List<String>> now = endpoints(name);
    boolean refused = cluster.isPresent() && OtherModelNames.isRefusedBy(cluster.get(), request);
    return new TrafficShare(
        name,
        percent,
        cluster.flatMap(PoolClusters::pool),
        cluster.flatMap(Upstreams::subset),
        picker,
        cluster.filter(ClusterWords::isEncrypted).map(ClusterWords::tls),
        now,
        cluster.map(ClusterWords::protection).orElse(List.of()),
        error(name, cluster, picker, now, notFound)
            .or(() -> refused ? Optional.of(OtherModelNames.REFUSED) : Optional.empty()));
  }

  private static Optional<Answered> error(
      String name,
      Optional<Cluster> cluster,
      Optional<PickerUse> picker,
      Optional<List<String>> now,
      int notFound) {
    if (fails(picker)) { // its filter is before the router
      return Optional.of(PICKER_FAILS);
    }
    if (cluster.isEmpty()) {
      return Optional.of(new Answered(notFound, "", "the share cannot be served: " + name));
    }
    return now.map(List::isEmpty).orElse(false)
        ? Optional.of(new Answered(503, "no_endpoints", "the backend has no endpoint now"))
        : Optional.empty();
  }

  private static boolean fails(Optional<PickerUse> picker) {
    return picker.isPresent()
        && !picker.get().failsOpen()
        && picker.get().endpoints().map(List::isEmpty).orElse(false);
  }

  /** Whether a picker is asked that has no endpoint and fails closed. */
  boolean failsClosed(Map<String, Any> filters, Entrance entrance, RequestState request)
      throws InvalidProtocolBufferException {
    return fails(picker(filters, entrance, request));
  }

  /** The pool of a cluster, or of the cluster behind the loop that it leads to. */
  Optional<String> poolBehind(String name) {
    return cluster(name)
        .flatMap(cluster -> PoolClusters.pool(cluster)
            .or(() -> loops.stream()
                .filter(loop -> loop.pipe().equals(pipe(cluster)))
                .flatMap(loop -> cluster(loop.cluster()).stream())
                .flatMap(behind -> PoolClusters.pool(behind).stream())
                .findFirst()));
  }

  private Optional<PickerUse> picker(
      Map<String, Any> filters, Entrance entrance, RequestState request)
      throws InvalidProtocolBufferException {
    for (HttpFilter filter : entrance.manager().getHttpFiltersList()) {
      Any own = filters.get(filter.getName());
      if (own != null && own.is(ExtProcPerRoute.class) && XdsNames.isOurs(filter.getName())) {
        Optional<Any> config = SkipConditions.config(filter, request);
        if (config.isPresent() && config.get().is(ExternalProcessor.class)) {
          return Optional.of(picker(own.unpack(ExtProcPerRoute.class)));
        }
      }
    }
    return Optional.empty();
  }

  private PickerUse picker(ExtProcPerRoute route) {
    String name = route.getOverrides().getGrpcService().getEnvoyGrpc().getClusterName();
    Optional<Cluster> cluster = cluster(name);
    String service =
        cluster.map(one -> one.getEdsClusterConfig().getServiceName()).orElse("");
    return new PickerUse(
        service.isEmpty() ? name : service,
        cluster.map(ClusterWords::tls).orElse("no such cluster"),
        route.getOverrides().getFailureModeAllow().getValue(),
        endpoints(name));
  }

  static String seconds(Duration duration, String unset) {
    return duration.equals(Duration.getDefaultInstance()) ? unset : Durations.toString(duration);
  }

  static double percent(long weight, long total) {
    return total == 0 ? 0 : Math.round(ALL * 100 * weight / total) / 100.0;
  }
}
