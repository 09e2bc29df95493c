package dev.pointsman.xds;

import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.GrpcService.EnvoyGrpc;
import io.envoyproxy.envoy.config.core.v3.RetryPolicy;

/**
 * The configuration with which a cluster requests its endpoints. Its bytes never change, so that no cluster re-warms.
 */
final class EdsConfigSource {
  /** The time after which a new cluster starts without endpoints. */
  private static final long INITIAL_FETCH_SECONDS = 5;

  private static final ConfigSource SOURCE = ConfigSource.newBuilder()
      .setResourceApiVersion(ApiVersion.V3)
      .setInitialFetchTimeout(Protos.seconds(INITIAL_FETCH_SECONDS))
      .setApiConfigSource(ApiConfigSource.newBuilder()
          .setApiType(ApiType.DELTA_GRPC)
          .setTransportApiVersion(ApiVersion.V3)
          .setSetNodeOnFirstMessageOnly(true)
          .addGrpcServices(GrpcService.newBuilder()
              .setEnvoyGrpc(EnvoyGrpc.newBuilder()
                  .setClusterName(XdsNames.EDS_CLUSTER)
                  .setRetryPolicy(quickRetries()))))
      .build();

  private EdsConfigSource() {}

  /** Discovery of the endpoints with that name. */
  static EdsClusterConfig of(String resource) {
    return EdsClusterConfig.newBuilder()
        .setServiceName(resource)
        .setEdsConfig(SOURCE)
        .build();
  }

  /**
   * Shortens Envoy's default back-off, which reaches 30 s, so that proxies reconnect soon after a restart of the
   * server.
   */
  private static RetryPolicy quickRetries() {
    RetryPolicy.Builder retries = RetryPolicy.newBuilder();
    retries
        .getRetryBackOffBuilder()
        .setBaseInterval(Protos.millis(200))
        .setMaxInterval(Protos.seconds(1));
    return retries.build();
  }
}
