package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods beside a backend with TLS and an API key, which has no address here. The pods are another Envoy. They speak one
 * version of HTTP, with and without the PROXY protocol and TLS, and tell what they have seen.
 */
@Tag("envoy")
class OtherBackendsEnvoyTest {
  private static final Path RECORDED =
      Path.of("testdata", "translate", "policy-beside-other-backends");

  private static final String POD = """
        - name: pod-%1$s
          address: {socket_address: {address: %2$s, port_value: 8000}}
          listener_filters:
          - name: proxy
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol
              allow_requests_without_proxy_protocol: true
          - name: tls_inspector
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}
          filter_chains:
          - filter_chain_match: {transport_protocol: raw_buffer}
            filters: &filters
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: pod-%1$s
                codec_type: %3$s
                http_filters:
                - name: router
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                route_config:
                  virtual_hosts:
                  - name: all
                    domains: ["*"]
                    routes:
                    - match: {prefix: /}
                      direct_response: {status: 200}
                      response_headers_to_add:
                      - header:
                          key: x-connection
                          value: "%%PROTOCOL%% %%REQ(AUTHORIZATION)%% %%DOWNSTREAM_TLS_VERSION%%"
          - filter_chain_match: {transport_protocol: tls}
            filters: *filters
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                common_tls_context:
                  tls_certificates:
                  - certificate_chain: {inline_string: "%4$s"}
                    private_key: {inline_string: "%5$s"}
      """;

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void podsAreCalledAsTheirPoolSays(String version, @TempDir Path folder) throws Exception {
    String bootstrap = OwnAnswers.bootstrap(
        network, RECORDED, folder, network.pod("qwen", 11), network.pod("http2", 12));
    try (RealEnvoy _ = pods(version);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap)) {
      int port = envoy.listenerPort("default/inference/llm");
      assertAnswer(port, "own", "HTTP/1.1");
      assertAnswer(port, "http2", "HTTP/2");
      // The backend is not there, and these stand in for it.
      assertAnswer(port, "key", "HTTP/2");
      assertAnswer(port, "tls", "HTTP/2");
      assertAnswer(port, "proxy-cloud", "HTTP/1.1");
      // By a loop, which is HTTP/2, with the client's version of HTTP asked for.
      assertAnswer(port, "client", "HTTP/1.1");
      assertAnswer(port, "proxy-tls", "HTTP/1.1  TLSv1.2");
      assertAnswer(port, "proxy", "HTTP/1.1");
      assertThat(envoy.stat("cluster_manager.cds.update_rejected")).isZero();
    }
  }

  private static void assertAnswer(int port, String model, String answer) {
    await(model)
        .atMost(OwnAnswers.SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(
            () -> assertThat(connection(OwnAnswers.post(port, Client.body(model), OwnAnswers.JSON)))
                .isEqualTo(answer));
  }

  private static String connection(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("x-connection")
        .orElse("status " + answer.statusCode() + " " + answer.body());
  }

  private RealEnvoy pods(String version) throws Exception {
    Authority.Issued certificate = Authority.create("pods-ca").issue("pods", "dns:pods");
    return RealEnvoy.start(
        version,
        "static_resources:\n  listeners:\n"
            + pod(11, "HTTP1", certificate).replace("&filters", "&one").replace("*filters", "*one")
            + pod(12, "HTTP2", certificate)
                .replace("&filters", "&two")
                .replace("*filters", "*two"));
  }

  private String pod(int host, String codec, Authority.Issued certificate) {
    return POD.formatted(
        host,
        network.at(host, 8000).host(),
        codec,
        certificate.certificate().replace("\n", "\\n"),
        certificate.key().replace("\n", "\\n"));
  }
}
