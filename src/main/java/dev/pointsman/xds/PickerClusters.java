package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;

/**
 * The clusters of endpoint pickers. Pools and rules share the cluster of a Service port with equal connection settings.
 */
public final class PickerClusters {
  /** The limit for streams: each request to a model holds one until its response is complete. */
  private static final int STREAMS = 1_000_000;

  /**
   * Ends the requests that a stopped process or a lost node holds. gRPC servers close a connection after three pings
   * within five minutes of each other; Envoy adds up to 15 % to the interval.
   */
  private static final KeepaliveSettings PINGS = KeepaliveSettings.newBuilder()
      .setInterval(Protos.seconds(320))
      .setTimeout(Protos.seconds(20))
      .build();

  /** They also close one without requests after three pings within two hours of each other. */
  private static final io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions IDLE =
      io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.newBuilder()
          .setIdleTimeout(Protos.seconds(900))
          .build();

  /** The picker's cluster. */
  public Cluster of(ServicePort picker, ConnectionSettings connection) {
    Cluster.Builder cluster = Cluster.newBuilder()
        .setName(XdsNames.picker(picker, connection))
        .setType(DiscoveryType.EDS)
        .setEdsClusterConfig(EdsConfigSource.of(connection
            .health()
            .map(health -> new CheckedService(picker, health.port()).name())
            .orElse(EdsNames.of(picker))))
        .setConnectTimeout(Protos.seconds(2))
        .setIgnoreHealthOnHostRemoval(true)
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", http2(connection))
        .setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(thresholds(connection)))
        .addHealthChecks(
            connection.health().map(PickerHealthCheck::of).orElse(PickerHealthCheck.liveness()));
    // Disables panic mode, in which Envoy would use a failed picker. A POST cannot fail open once
    // its body is being sent.
    cluster.getCommonLbConfigBuilder().getHealthyPanicThresholdBuilder().setValue(0);
    TlsSockets.toPicker(connection.tls(), picker).ifPresent(cluster::setTransportSocket);
    if (connection.health().isPresent()) {
      cluster.addTransportSocketMatches(PickerHealthCheck.plaintext());
    }
    return StatNames.set(cluster).build();
  }

  private static Thresholds thresholds(ConnectionSettings connection) {
    UInt32Value unlimited = UInt32Value.of(STREAMS);
    return Thresholds.newBuilder()
        .setMaxConnections(unlimited)
        .setMaxPendingRequests(unlimited)
        .setMaxRequests(UInt32Value.of(connection.maxConcurrentRequests().orElse(STREAMS)))
        .build();
  }

  private static Any http2(ConnectionSettings connection) {
    return Any.pack(HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
            .setHttp2ProtocolOptions(
                Http2ProtocolOptions.newBuilder().setConnectionKeepalive(PINGS)))
        .setCommonHttpProtocolOptions(IDLE)
        .addAllHttpFilters(UnfinishedPickers.filters(connection.mayEnd()))
        .build());
  }
}
