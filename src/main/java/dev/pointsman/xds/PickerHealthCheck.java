package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.model.PickerHealth;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.TransportSocketMatch;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.type.v3.CodecClientType;

/** The health checks of pickers, once a second. A replica that fails two of them gets no new request; streams go on. */
final class PickerHealthCheck {
  private static final Struct PLAINTEXT = Struct.newBuilder()
      .putFields("pointsman.health", Value.newBuilder().setBoolValue(true).build())
      .build();

  private PickerHealthCheck() {}

  /**
   * Checks that a gRPC server responds on the ext_proc port. Stock pickers serve {@code grpc.health.v1} on another
   * port, so Envoy's gRPC health check would always fail. A gRPC server responds to any call with HTTP 200, whatever
   * its {@code grpc-status}.
   */
  static HealthCheck liveness() {
    return eachSecond()
        .setHttpHealthCheck(HttpHealthCheck.newBuilder()
            .setPath("/grpc.health.v1.Health/Check")
            .setMethod(RequestMethod.POST)
            .setCodecClientType(CodecClientType.HTTP2)
            .addRequestHeadersToAdd(Protos.header("content-type", "application/grpc"))
            .addRequestHeadersToAdd(Protos.header("te", "trailers")))
        .build();
  }

  /** Asks the health service on the port that each endpoint names, without TLS. */
  static HealthCheck of(PickerHealth health) {
    return eachSecond()
        .setGrpcHealthCheck(GrpcHealthCheck.newBuilder().setServiceName(health.service()))
        .setTransportSocketMatchCriteria(PLAINTEXT)
        .build();
  }

  /** The transport socket of {@link #of}; requests to a picker match nothing and use the cluster's own. */
  static TransportSocketMatch plaintext() {
    TransportSocketMatch.Builder match =
        TransportSocketMatch.newBuilder().setName("health").setMatch(PLAINTEXT);
    match
        .getTransportSocketBuilder()
        .setName("envoy.transport_sockets.raw_buffer")
        .setTypedConfig(Any.pack(RawBuffer.getDefaultInstance()));
    return match.build();
  }

  private static HealthCheck.Builder eachSecond() {
    return HealthCheck.newBuilder()
        .setTimeout(Protos.seconds(1))
        .setInterval(Protos.seconds(1))
        .setNoTrafficInterval(Protos.seconds(1))
        .setUnhealthyThreshold(Protos.uint32(2))
        .setHealthyThreshold(Protos.uint32(1));
  }
}
