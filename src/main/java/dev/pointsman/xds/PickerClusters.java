package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.type.v3.CodecClientType;

/**
 * The clusters of endpoint pickers. Pools and rules share the cluster of a Service port with equal connection settings.
 */
public final class PickerClusters {
  /** The limit for streams: each request to a model holds one until its response is complete. */
  private static final int STREAMS = 1_000_000;

  /** The picker's cluster. */
  public Cluster of(ServicePort picker, ConnectionSettings connection) {
    Cluster.Builder cluster = Cluster.newBuilder()
        .setName(XdsNames.picker(picker, connection))
        .setType(DiscoveryType.EDS)
        .setEdsClusterConfig(EdsConfigSource.of(XdsNames.endpoints(picker)))
        .setConnectTimeout(Protos.seconds(2))
        .setIgnoreHealthOnHostRemoval(true)
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", http2())
        .setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(thresholds(connection)))
        .addHealthChecks(liveness());
    // Disables panic mode, in which Envoy would use a failed picker. A POST cannot fail open once
    // its body is being sent.
    cluster.getCommonLbConfigBuilder().getHealthyPanicThresholdBuilder().setValue(0);
    PickerTls.socket(connection.tls(), picker).ifPresent(cluster::setTransportSocket);
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

  /**
   * Checks that a gRPC server responds on the ext_proc port. Stock pickers serve {@code grpc.health.v1} on another
   * port, so Envoy's gRPC health check would always fail. A gRPC server responds to any call with HTTP 200, whatever
   * its {@code grpc-status}.
   */
  private static HealthCheck liveness() {
    return HealthCheck.newBuilder()
        .setTimeout(Protos.seconds(1))
        .setInterval(Protos.seconds(1))
        .setNoTrafficInterval(Protos.seconds(1))
        .setUnhealthyThreshold(Protos.uint32(2))
        .setHealthyThreshold(Protos.uint32(1))
        .setHttpHealthCheck(HttpHealthCheck.newBuilder()
            .setPath("/grpc.health.v1.Health/Check")
            .setMethod(RequestMethod.POST)
            .setCodecClientType(CodecClientType.HTTP2)
            .addRequestHeadersToAdd(Protos.header("content-type", "application/grpc"))
            .addRequestHeadersToAdd(Protos.header("te", "trailers")))
        .build();
  }

  private static Any http2() {
    return Any.pack(HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
            .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
        .addAllHttpFilters(UnfinishedPickers.filters())
        .build());
  }
}
