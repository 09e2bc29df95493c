package dev.pointsman.isolation;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;

/** Pods that speak TLS: listeners of another Envoy, which tell what they have seen of the connection. */
final class TlsPods {
  private final Network network;
  private final StringBuilder listeners = new StringBuilder();

  TlsPods(Network network) {
    this.network = network;
  }

  /**
   * Adds a pod. Its health is good; its statistics are those of {@code pod-HOST}.
   *
   * @param protocol the name of HTTP's version in ALPN
   * @param status of its answers to requests
   */
  TlsPods with(int host, String protocol, Authority.Issued certificate, int status) {
    listeners.append("""
          - name: %1$s
            address: {socket_address: {address: %2$s, port_value: 8000}}
            listener_filters:
            - name: tls_inspector
              typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}
            filter_chains:
            - transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  common_tls_context:
                    alpn_protocols: [%3$s]
                    validation_context: {trust_chain_verification: ACCEPT_UNTRUSTED}
                    tls_certificates:
                    - certificate_chain: {inline_string: %4$s}
                      private_key: {inline_string: %5$s}
              filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: %1$s
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {path: /health}
                        direct_response: {status: 200}
                      - match: {prefix: /}
                        direct_response:
                          status: %6$d
                        response_headers_to_add:
                        - header:
                            key: x-connection
                            value: "%%PROTOCOL%%;%%REQUESTED_SERVER_NAME%%;%%DOWNSTREAM_PEER_SUBJECT%%"
        """.formatted(
            "pod-" + host,
            network.at(host, 8000).host(),
            protocol,
            quoted(certificate.certificate()),
            quoted(certificate.key()),
            status));
    return this;
  }

  RealEnvoy start(String version) {
    return RealEnvoy.start(version, "static_resources:\n  listeners:\n" + listeners);
  }

  private static String quoted(String pem) {
    return "\"" + pem.replace("\n", "\\n") + "\"";
  }
}
