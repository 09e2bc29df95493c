package dev.pointsman.config;

import dev.pointsman.model.ByteSize;
import dev.pointsman.xds.XdsNames;

/** What Envoy Gateway's own configuration must say for us, as YAML. */
public final class GatewayConfig {
  private GatewayConfig() {}

  /**
   * The block that makes Envoy Gateway call our hooks.
   *
   * @param grpc where it reaches them
   */
  public static String extensionManager(HostPort grpc, ByteSize maxMessageSize) {
    String service = grpc.isAddress()
        ? "ip: {address: \"%s\", port: %d}".formatted(grpc.host(), grpc.port())
        : "fqdn: {hostname: %s, port: %d}".formatted(grpc.host(), grpc.port());
    return """
        extensionManager:
          maxMessageSize: %s
          backendResources: # what an HTTPRoute may name as a backend
          - {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
          - {group: inference.networking.x-k8s.io, version: v1alpha2, kind: InferencePool}
          hooks:
            xdsTranslator:
              post: [Route, Endpoints, Translation]
              translation: # what Pointsman is not shown, it cannot connect
                listener: {includeAll: true}
                route: {includeAll: true}
                cluster: {includeAll: true}
                secret: {includeAll: true}
          service:
            %s
        """.formatted(maxMessageSize, service);
  }

  /**
   * The block that tells every proxy where endpoint discovery is.
   *
   * @param eds where proxies reach it
   */
  public static String bootstrapPatch(HostPort eds) {
    return """
        envoyProxy: # the default for all proxies; an EnvoyProxy object of yours needs the same patch
          bootstrap:
            type: JSONPatch
            jsonPatches:
            - op: add
              path: /static_resources/clusters/-
              value:
        """ + edsCluster(eds).indent(8);
  }

  /** The static cluster alone, as the patch adds it to the bootstrap. */
  public static String edsCluster(HostPort eds) {
    return """
        name: %1$s
        type: %2$s
        connect_timeout: 1s
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config:
              http2_protocol_options:
                # A stream for each pool, more than the usual 1024 of a connection.
                max_concurrent_streams: 2147483647
                # A connection that is gone without a word is noticed in 15 s.
                connection_keepalive: {interval: 10s, timeout: 5s}
        circuit_breakers:
          thresholds:
          - {max_connections: 1000000, max_pending_requests: 1000000, max_requests: 1000000, max_retries: 1000000}
        load_assignment:
          cluster_name: %1$s
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: "%3$s", port_value: %4$d}}}
        """.formatted(
        XdsNames.EDS_CLUSTER, eds.isAddress() ? "STATIC" : "STRICT_DNS", eds.host(), eds.port());
  }
}
