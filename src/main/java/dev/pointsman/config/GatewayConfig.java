package dev.pointsman.config;

import dev.pointsman.model.ByteSize;
import dev.pointsman.xds.XdsNames;
import java.util.Optional;

/** What Envoy Gateway's own configuration must say for us, as YAML. */
public final class GatewayConfig {
  /** The name that Envoy Gateway gives to the proxies' certificate in its SDS file. */
  private static final String PROXY_CERTIFICATE = "xds_certificate";

  /**
   * TLS from Envoy Gateway to our hooks; it takes it from Secrets, hence in Kubernetes only.
   *
   * @param ca the Secret whose {@code tls.crt} is our CA
   * @param client the Secret with the certificate that Envoy Gateway presents
   */
  public record HookTls(SecretRef ca, Optional<SecretRef> client) {}

  /**
   * TLS from the proxies to endpoint discovery.
   *
   * @param caPem our CA
   * @param clientSds the SDS file, on the proxy, that names the certificate that it presents; Envoy reloads what such a file
   *     names, and a certificate that the bootstrap names by itself it does not
   */
  public record EdsTls(String caPem, Optional<String> clientSds) {}

  private GatewayConfig() {}

  /**
   * The block that makes Envoy Gateway call our hooks.
   *
   * @param grpc where it reaches them
   */
  public static String extensionManager(
      HostPort grpc, ByteSize maxMessageSize, Optional<HookTls> tls) {
    String service = grpc.isAddress()
        ? "ip: {address: \"%s\", port: %d}".formatted(grpc.host(), grpc.port())
        : "fqdn: {hostname: %s, port: %d}".formatted(grpc.host(), grpc.port());
    return """
        extensionManager:
          maxMessageSize: %s
          backendResources: # what an HTTPRoute may name as a backend
          - {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
          - {group: inference.networking.x-k8s.io, version: v1alpha2, kind: InferencePool}
          policyResources: # what is attached to Gateways and HTTPRoutes
          - {group: pointsman.dev, version: v1alpha1, kind: InferencePolicy}
          hooks:
            xdsTranslator:
              post: [Route, Endpoints, Translation]
              translation: # of listeners, routes and clusters Pointsman needs all
                listener: {includeAll: true}
                route: {includeAll: true}
                cluster: {includeAll: true}
                secret: {includeAll: false} # Envoy Gateway keeps its private keys
          service:
            %s
        """.formatted(maxMessageSize, service)
        + tls.map(GatewayConfig::hookTls).orElse("");
  }

  private static String hookTls(HookTls tls) {
    return ("tls:\n  certificateRef: " + tls.ca().yaml() + "\n"
            + tls.client()
                .map(client -> "  clientCertificateRef: " + client.yaml() + "\n")
                .orElse(""))
        .indent(4);
  }

  /**
   * The block that tells every proxy where endpoint discovery is.
   *
   * @param eds where proxies reach it
   */
  public static String bootstrapPatch(HostPort eds, Optional<EdsTls> tls) {
    return """
        envoyProxy: # the default for all proxies; an EnvoyProxy object of yours needs the same patch
          bootstrap:
            type: JSONPatch
            jsonPatches:
            - op: add
              path: /static_resources/clusters/-
              value:
        """ + edsCluster(eds, tls).indent(8);
  }

  /** The static cluster alone, as the patch adds it to the bootstrap. */
  public static String edsCluster(HostPort eds, Optional<EdsTls> tls) {
    String cluster = """
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
    return cluster + tls.map(wanted -> transportSocket(eds, wanted)).orElse("");
  }

  private static String transportSocket(HostPort eds, EdsTls tls) {
    String socket = """
        transport_socket:
          name: envoy.transport_sockets.tls
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        %1$s    common_tls_context:
              tls_params: {tls_minimum_protocol_version: TLSv1_2, tls_maximum_protocol_version: TLSv1_3}
              alpn_protocols: [h2]
              validation_context:
                match_typed_subject_alt_names:
                - {san_type: %2$s, matcher: {exact: "%3$s"}}
                trusted_ca:
                  inline_string: |
        """.formatted(
            eds.isAddress() ? "" : "    sni: \"" + eds.host() + "\"\n",
            eds.isAddress() ? "IP_ADDRESS" : "DNS",
            eds.host());
    return socket
        + tls.caPem().indent(12)
        + tls.clientSds().map(GatewayConfig::clientCertificate).orElse("");
  }

  private static String clientCertificate(String sds) {
    return """
        tls_certificate_sds_secret_configs:
        - name: %s
          sds_config:
            resource_api_version: V3
            path_config_source: {path: "%s"}
        """.formatted(PROXY_CERTIFICATE, sds).indent(6);
  }
}
