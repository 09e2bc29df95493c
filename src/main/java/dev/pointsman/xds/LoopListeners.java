package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * A way through the proxy itself: a cluster that leads to a listener on an abstract unix socket, where a picker's
 * filters run. It needs nothing of the bootstrap.
 */
final class LoopListeners {
  /** Envoy reads, and so passes on, at most this much at once. */
  private static final int BUFFER_BYTES = 256 << 10;

  private static final int CONNECTIONS = 1_000_000;
  private static final int MAX_HEADERS_KB = 256;

  /** All of it that is always the same, made once. */
  private static final HttpConnectionManager MANAGER = HttpConnectionManager.newBuilder()
      .addHttpFilters(EndpointPickerFilter.filter())
      .addAllHttpFilters(FirstPick.filters())
      .addHttpFilters(HttpFilter.newBuilder()
          .setName("envoy.filters.http.router")
          .setTypedConfig(
              Any.pack(Router.newBuilder().setSuppressEnvoyHeaders(true).build())))
      // The gateway's listener has done these once already.
      .setGenerateRequestId(Protos.bool(false))
      .setServerHeaderTransformation(HttpConnectionManager.ServerHeaderTransformation.PASS_THROUGH)
      .setMaxRequestHeadersKb(Protos.uint32(MAX_HEADERS_KB))
      .build();

  private LoopListeners() {}

  /** The cluster that leads to the listener of the same name. */
  static Cluster cluster(String name) {
    ClusterLoadAssignment.Builder endpoints =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    endpoints
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .setAddress(socket(name));
    UInt32Value connections = UInt32Value.of(CONNECTIONS);
    return Cluster.newBuilder()
        .setName(name)
        .setType(DiscoveryType.STATIC)
        .setConnectTimeout(Protos.seconds(2))
        .setPerConnectionBufferLimitBytes(Protos.uint32(BUFFER_BYTES))
        .setLoadAssignment(endpoints)
        .setCircuitBreakers(CircuitBreakers.newBuilder()
            .addThresholds(Thresholds.newBuilder()
                .setMaxConnections(connections)
                .setMaxPendingRequests(connections)
                .setMaxRequests(connections)))
        .build();
  }

  /** A connection manager with the picker's filters, yet without routes. */
  static HttpConnectionManager.Builder manager(String statPrefix) {
    return MANAGER.toBuilder().setStatPrefix(statPrefix);
  }

  /** The listener. */
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
        .setPipe(Pipe.newBuilder().setPath(XdsNames.socket(name)))
        .build();
  }
}
