package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.envoy.overridehost.OverrideHost;
import dev.pointsman.envoy.overridehost.OverrideHost.OverrideHostSource;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.model.Subset;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.UpstreamTls;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.LoadBalancingPolicy;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.UpstreamProtocolOptionsCase;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey.PathSegment;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites Envoy Gateway's cluster of a rule for a pool: the endpoints are discovered from this server, and the
 * endpoint picker selects one. All settings of BackendTrafficPolicy are kept; its load balancing policy becomes the
 * fallback.
 */
public final class PoolClusters {
  /** The metadata key of a pool's cluster with the pool's namespace and name. */
  public static final String POOL = "pool";

  /** The metadata key of a pool's cluster with the port of its picker's Service. */
  static final String PICKER_SERVICE = "picker_service";

  /**
   * The pool's cluster.
   *
   * @param cluster Envoy Gateway's cluster of the rule
   * @param name the cluster's name in the rule's routes
   * @param outliers the ejection of pods, unless a BackendTrafficPolicy configures it
   * @param upstreamTls the security of the connections to the pods
   * @param subset the pods of the cluster; empty: all
   */
  public Cluster rewrite(
      Cluster cluster,
      String name,
      ValidPool pool,
      Optional<OutlierDetection> outliers,
      UpstreamTls upstreamTls,
      Optional<Subset> subset) {
    Cluster.Builder rewritten =
        discovered(cluster, name, SubsetResource.endpoints(pool.ref(), subset)).toBuilder();
    rewritten.getMetadataBuilder().putFilterMetadata(XdsNames.METADATA, facts(pool));
    if (outliers.isPresent() && !cluster.hasOutlierDetection()) {
      rewritten.setOutlierDetection(OutlierDetections.of(outliers.get()));
    }
    if (pool.picker().isPresent()) {
      rewritten.clearLbPolicy().setLoadBalancingPolicy(pickedHosts(cluster));
    }
    boolean isHttp2 = pool.appProtocol() == AppProtocol.H2C;
    HttpOptions.speak(rewritten, pool.appProtocol());
    if (isHttp2) {
      rewritten.getHealthChecksBuilderList().forEach(PoolClusters::overHttp2);
    }
    TlsSockets.toPods(upstreamTls, isHttp2 ? "h2" : "http/1.1")
        .ifPresent(socket -> ProxyProtocol.set(rewritten, socket));
    return rewritten.build();
  }

  private static Struct facts(ValidPool pool) {
    Struct.Builder facts =
        Structs.text(POOL, pool.ref().namespace() + "/" + pool.ref().name()).toBuilder();
    pool.picker()
        .map(picker -> Structs.text(PICKER_SERVICE, picker.service().toString()))
        .ifPresent(facts::mergeFrom);
    return facts.build();
  }

  /** The cluster with the endpoints of a Service that a policy names. */
  public Cluster rewrite(Cluster cluster, String name, ServiceBackend backend) {
    Cluster.Builder plain = discovered(cluster, name, EdsNames.of(backend.service())).toBuilder();
    HttpOptions.speak(plain, AppProtocol.HTTP);
    Cluster service = plain.build();
    return backend.model().map(model -> renaming(service, model)).orElse(service);
  }

  /** The cluster without endpoints, for which a proxy waits for nobody. */
  public Cluster withoutEndpoints(Cluster cluster) {
    return cluster.toBuilder()
        .setType(DiscoveryType.STATIC)
        .clearEdsClusterConfig()
        .setLoadAssignment(ClusterLoadAssignment.newBuilder().setClusterName(cluster.getName()))
        .build();
  }

  /** The cluster whose requests have another name for the model. Its own filters come after. */
  static Cluster renaming(Cluster cluster, String model) {
    HttpProtocolOptions.Builder options = HttpOptions.of(cluster).toBuilder();
    List<HttpFilter> own = options.getHttpFiltersList();
    List<HttpFilter> filters = OtherNames.filters(model);
    options
        .clearHttpFilters()
        .addAllHttpFilters(own.isEmpty() ? filters : filters.subList(0, filters.size() - 1))
        .addAllHttpFilters(own);
    if (options.getUpstreamProtocolOptionsCase()
        == UpstreamProtocolOptionsCase.UPSTREAMPROTOCOLOPTIONS_NOT_SET) {
      options.getExplicitHttpConfigBuilder().getHttpProtocolOptionsBuilder();
    }
    return cluster.toBuilder()
        .putTypedExtensionProtocolOptions(HttpOptions.KEY, Any.pack(options.build()))
        .build();
  }

  private static Cluster discovered(Cluster cluster, String name, String endpoints) {
    Cluster.Builder discovered = StatNames.set(cluster.toBuilder().setName(name))
        .setType(DiscoveryType.EDS)
        .setEdsClusterConfig(EdsConfigSource.of(endpoints))
        .clearLoadAssignment()
        .clearTransportSocketMatches(); // TLS for other backends' hosts
    if (!name.equals(cluster.getName()) || BackendSettings.areIn(cluster)) {
      BackendSettings.remove(discovered);
    }
    return discovered.build();
  }

  private static LoadBalancingPolicy pickedHosts(Cluster cluster) {
    LoadBalancingPolicy fallback = cluster.getLoadBalancingPolicy().getPoliciesCount() > 0
        ? cluster.getLoadBalancingPolicy()
        : policy(
            "envoy.load_balancing_policies.least_request",
            Any.pack(LeastRequest.getDefaultInstance()));
    // Only the header: mirrored requests would inherit a picker's metadata.
    OverrideHost overrideHost = OverrideHost.newBuilder()
        .addOverrideHostSources(
            OverrideHostSource.newBuilder().setHeader(XdsNames.DESTINATION_HEADER))
        .setSelectedHostKey(MetadataKey.newBuilder()
            .setKey(XdsNames.LB_NAMESPACE)
            .addPath(PathSegment.newBuilder().setKey(XdsNames.SERVED_KEY)))
        .setFallbackPolicy(fallback)
        .build();
    return policy("envoy.load_balancing_policies.override_host", Any.pack(overrideHost));
  }

  private static LoadBalancingPolicy policy(String name, Any config) {
    LoadBalancingPolicy.Builder policy = LoadBalancingPolicy.newBuilder();
    policy
        .addPoliciesBuilder()
        .getTypedExtensionConfigBuilder()
        .setName(name)
        .setTypedConfig(config);
    return policy.build();
  }

  private static void overHttp2(HealthCheck.Builder check) {
    if (check.hasHttpHealthCheck()) {
      check.getHttpHealthCheckBuilder().setCodecClientType(CodecClientType.HTTP2);
    }
  }

  /** The pool of a cluster, as namespace and name. */
  public static Optional<String> pool(Cluster cluster) {
    Struct facts = cluster
        .getMetadata()
        .getFilterMetadataOrDefault(XdsNames.METADATA, Struct.getDefaultInstance());
    return Optional.ofNullable(facts.getFieldsMap().get(POOL)).map(Value::getStringValue);
  }

  /** Whether the cluster can eject hosts: by outlier detection or a health check. */
  public static boolean canEjectHosts(Cluster cluster) {
    return cluster.hasOutlierDetection() || cluster.getHealthChecksCount() > 0;
  }
}
