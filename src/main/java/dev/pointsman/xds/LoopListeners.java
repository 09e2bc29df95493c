package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.CodecType;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Loop listeners: a cluster that connects to a listener of the same proxy on a unix socket, which has a picker's
 * filters. The bootstrap needs no change. Requests never share a connection, so that one response cannot run into
 * another, and only requests with a token match a route.
 */
final class LoopListeners {
  /** The largest amount that Envoy reads, and so forwards, at once. */
  private static final int BUFFER_BYTES = 256 << 10;

  static final int CONNECTIONS = 1_000_000;

  /** Envoy's upper limit, so that the limits of the gateway's own listener apply. */
  private static final int MAX_HEADERS_KB = 8192;

  private static final int MAX_HEADERS = 100_000;

  /** Read and write access for the owner only. */
  private static final int SOCKET_MODE = 0600;

  private static final Http2ProtocolOptions HTTP2 = Http2ProtocolOptions.newBuilder()
      .setInitialStreamWindowSize(Protos.uint32(BUFFER_BYTES))
      .setInitialConnectionWindowSize(Protos.uint32(BUFFER_BYTES))
      .build();

  /** The options of the connections to the loop for large bodies, whose facts the cluster takes off. */
  static final Any UPSTREAM = upstream(LoopFacts.toMetadata());

  /** The constant part of the connection manager. */
  private static final HttpConnectionManager MANAGER = HttpConnectionManager.newBuilder()
      .setCodecType(CodecType.HTTP2)
      .setHttp2ProtocolOptions(HTTP2)
      .setCommonHttpProtocolOptions(
          io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.newBuilder()
              .setMaxHeadersCount(Protos.uint32(MAX_HEADERS)))
      .addHttpFilters(HttpFilter.newBuilder()
          .setName(XdsNames.TOKEN_FILTER)
          .setTypedConfig(Any.pack(withoutToken())))
      .addAllHttpFilters(EndpointPickerFilter.filters())
      .addAllHttpFilters(EjectionAwareHostOverride.filters())
      .addHttpFilters(Sessions.filter())
      .addHttpFilters(router(false))
      .setLocalReplyConfig(LocalReplies.ofPools(LocalReplyConfig.getDefaultInstance()))
      // The gateway's listener has already done this.
      .setGenerateRequestId(Protos.bool(false))
      .setServerHeaderTransformation(HttpConnectionManager.ServerHeaderTransformation.PASS_THROUGH)
      .setMaxRequestHeadersKb(Protos.uint32(MAX_HEADERS_KB))
      // The idle timeout of the gateway's own listener limits the request.
      .setStreamIdleTimeout(Protos.seconds(0))
      .build();

  private LoopListeners() {}

  private static HttpFilter router(boolean envoyHeaders) {
    return HttpFilter.newBuilder()
        .setName("envoy.filters.http.router")
        .setTypedConfig(
            Any.pack(Router.newBuilder().setSuppressEnvoyHeaders(!envoyHeaders).build()))
        .build();
  }

  /** Removes the token after the route is selected, so that neither a picker nor a pod receives it. */
  private static HeaderMutation withoutToken() {
    return HeaderMutation.newBuilder()
        .setMutations(Mutations.newBuilder()
            .addRequestMutations(
                io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
                    .setRemove(XdsNames.TOKEN_HEADER)))
        .build();
  }

  /** The options of a loop cluster's connections, with additional ones. */
  static Any upstream(io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions more) {
    return Any.pack(options(more).build());
  }

  private static HttpProtocolOptions.Builder options(
      io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions more) {
    return HttpProtocolOptions.newBuilder()
        .setCommonHttpProtocolOptions(more.toBuilder()
            .setMaxRequestsPerConnection(Protos.uint32(1))
            .setMaxHeadersCount(Protos.uint32(MAX_HEADERS))
            .setMaxResponseHeadersKb(Protos.uint32(MAX_HEADERS_KB)))
        .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder().setHttp2ProtocolOptions(HTTP2));
  }

  /** The options of a loop cluster's connections, with filters. */
  static Any upstream(List<HttpFilter> filters) {
    return Any.pack(
        options(io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.getDefaultInstance())
            .addAllHttpFilters(filters)
            .build());
  }

  /**
   * The cluster of the listener with the same name.
   *
   * @param upstream the options of its connections
   */
  static Cluster cluster(String name, Any upstream) {
    return cluster(name, name, upstream);
  }

  /** The cluster of a listener. */
  static Cluster cluster(String name, String listener, Any upstream) {
    ClusterLoadAssignment.Builder endpoints =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    endpoints
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .setAddress(socket(listener));
    UInt32Value connections = UInt32Value.of(CONNECTIONS);
    return StatNames.set(Cluster.newBuilder().setName(name))
        .setType(DiscoveryType.STATIC)
        .setConnectTimeout(Protos.seconds(2))
        .setPerConnectionBufferLimitBytes(Protos.uint32(BUFFER_BYTES))
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", upstream)
        .setLoadAssignment(endpoints)
        .setCircuitBreakers(CircuitBreakers.newBuilder()
            .addThresholds(Thresholds.newBuilder()
                .setMaxConnections(connections)
                .setMaxPendingRequests(connections)
                .setMaxRequests(connections)))
        .build();
  }

  /** A connection manager with the picker's filters and without routes. */
  static HttpConnectionManager.Builder manager(String statPrefix) {
    return MANAGER.toBuilder().setStatPrefix(statPrefix);
  }

  /**
   * A connection manager with additional filters, which returns facts to the access log.
   *
   * @param before the filters between the removal of the token and the picker's filters
   * @param envoyHeaders whether pods get Envoy's own headers
   */
  static HttpConnectionManager.Builder manager(
      String statPrefix, List<HttpFilter> before, boolean envoyHeaders) {
    List<HttpFilter> filters = new ArrayList<>(MANAGER.getHttpFiltersList());
    filters.set(filters.size() - 1, router(envoyHeaders));
    filters.addAll(1, before);
    filters.add(1 + before.size(), SubsetHint.filter());
    filters.addFirst(LoopFacts.toHeaders());
    return manager(statPrefix).clearHttpFilters().addAllHttpFilters(filters);
  }

  /** A loop listener. */
  static Listener listener(String name, HttpConnectionManager manager) {
    return Listener.newBuilder()
        .setName(name)
        .setAddress(socket(name))
        .setPerConnectionBufferLimitBytes(Protos.uint32(BUFFER_BYTES))
        .addFilterChains(FilterChain.newBuilder()
            .addFilters(Filter.newBuilder()
                .setName("envoy.filters.network.http_connection_manager")
                .setTypedConfig(Any.pack(manager))))
        .build();
  }

  private static Address socket(String name) {
    return Address.newBuilder()
        .setPipe(Pipe.newBuilder().setPath(XdsNames.socket(name)).setMode(SOCKET_MODE))
        .build();
  }
}
