package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.util.Optional;

/**
 * The address of endpoint discovery. Its cluster is in the same answer as the pools' clusters, so the proxies'
 * bootstrap needs no change. Envoy 1.38 and later accept both orders of these clusters.
 *
 * @param host an IP address or a host name
 * @param isAddress whether the host is an IP address
 * @param tls empty: plain HTTP/2
 */
public record EdsCluster(String host, boolean isAddress, int port, Optional<EdsTls> tls) {
  /** The default port on this machine. */
  public static final EdsCluster LOCAL = new EdsCluster("127.0.0.1", true, 18010, Optional.empty());

  /** The name of the proxies' certificate in Envoy Gateway's SDS file. */
  private static final String PROXY_CERTIFICATE = "xds_certificate";

  /** One stream for each pool: more than a connection's usual limit of 1024. */
  private static final int STREAMS = Integer.MAX_VALUE;

  private static final int UNLIMITED = 1_000_000;

  /**
   * TLS to endpoint discovery.
   *
   * @param caPem the CA certificates (PEM) for the server's certificate, which must be for the host
   * @param clientSds the SDS file, on the proxy, that names the proxy's client certificate; Envoy reloads the files
   *     that it names
   */
  public record EdsTls(String caPem, Optional<String> clientSds) {}

  /** The cluster. Its bytes change only with the settings, because a change makes each proxy reconnect. */
  public Cluster toCluster() {
    UInt32Value unlimited = UInt32Value.of(UNLIMITED);
    Cluster.Builder cluster = Cluster.newBuilder()
        .setName(XdsNames.EDS_CLUSTER)
        .setType(isAddress ? DiscoveryType.STATIC : DiscoveryType.STRICT_DNS)
        .setConnectTimeout(Protos.seconds(1))
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", http2())
        .setCircuitBreakers(CircuitBreakers.newBuilder()
            .addThresholds(Thresholds.newBuilder()
                .setMaxConnections(unlimited)
                .setMaxPendingRequests(unlimited)
                .setMaxRequests(unlimited)
                .setMaxRetries(unlimited)));
    ClusterLoadAssignment.Builder endpoints = cluster.getLoadAssignmentBuilder();
    endpoints
        .setClusterName(XdsNames.EDS_CLUSTER)
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress(host)
        .setPortValue(port);
    tls.ifPresent(settings -> cluster.setTransportSocket(socket(settings)));
    return cluster.build();
  }

  private static Any http2() {
    Http2ProtocolOptions options = Http2ProtocolOptions.newBuilder()
        .setMaxConcurrentStreams(UInt32Value.of(STREAMS))
        // Detects a silently dropped connection in 15 s.
        .setConnectionKeepalive(KeepaliveSettings.newBuilder()
            .setInterval(Protos.seconds(10))
            .setTimeout(Protos.seconds(5)))
        .build();
    return Any.pack(HttpProtocolOptions.newBuilder()
        .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder().setHttp2ProtocolOptions(options))
        .build());
  }

  private TransportSocket socket(EdsTls settings) {
    CommonTlsContext.Builder common = CommonTlsContext.newBuilder()
        .setTlsParams(TlsParameters.newBuilder()
            .setTlsMinimumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_2)
            .setTlsMaximumProtocolVersion(TlsParameters.TlsProtocol.TLSv1_3))
        .addAlpnProtocols("h2");
    common.getValidationContextBuilder().getTrustedCaBuilder().setInlineString(settings.caPem());
    common
        .getValidationContextBuilder()
        .addMatchTypedSubjectAltNamesBuilder()
        .setSanType(
            isAddress
                ? SubjectAltNameMatcher.SanType.IP_ADDRESS
                : SubjectAltNameMatcher.SanType.DNS)
        .getMatcherBuilder()
        .setExact(host);
    settings
        .clientSds()
        .ifPresent(file -> common
            .addTlsCertificateSdsSecretConfigsBuilder()
            .setName(PROXY_CERTIFICATE)
            .getSdsConfigBuilder()
            .setResourceApiVersion(ApiVersion.V3)
            .getPathConfigSourceBuilder()
            .setPath(file));
    UpstreamTlsContext.Builder context =
        UpstreamTlsContext.newBuilder().setCommonTlsContext(common);
    if (!isAddress) {
      context.setSni(host);
    }
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack(context.build()))
        .build();
  }
}
