package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Pods that speak TLS, with HTTP/1.1 and HTTP/2: another Envoy, which tells what it has seen of the connection. */
@Tag("envoy")
class UpstreamTlsEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-upstream-tls");
  private static final String LISTENER = "default/inference/llm";
  private static final String HOST = "dns:pods.example.com";

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void podsAreVerifiedAndShownACertificate(String version, @TempDir Path folder) throws Exception {
    Authority authority = Authority.create("pods-ca");
    try (RealEnvoy pods = pods(version, authority.issue("pods", HOST));
        RealEnvoy envoy = gateway(version, folder, authority, authority)) {
      int port = envoy.listenerPort(LISTENER);
      assertAnswer(port, "verified", "HTTP/1.1;pods.example.com;CN=gateway");
      assertAnswer(port, "http2", "HTTP/2;pods.example.com;CN=gateway");
      assertAnswer(port, "unverified", "HTTP/1.1;;");
      assertThat(ask(port, "missing").statusCode()).isEqualTo(503);
      assertThat(ask(port, "plain").statusCode()).isIn(502, 503);
      String large = "{\"model\":\"http2\",\"pad\":\"" + "x".repeat(5_000_000) + "\"}";
      assertThat(connection(OwnAnswers.post(port, large, OwnAnswers.JSON))).startsWith("HTTP/2;");
      // The health checks of the policy use TLS, too, and HTTP/2 where the pool does.
      for (int rule : new int[] {0, 1, 2}) {
        String cluster = "cluster.httproute/default/llm/rule/" + rule;
        await("health checks")
            .atMost(OwnAnswers.SOON)
            .until(() -> envoy.stat(cluster + ".health_check.success") > 0
                && envoy.stat(cluster + ".membership_healthy") == 1);
        assertThat(envoy.stat(cluster + ".health_check.failure")).isZero();
      }
      // The mirror's pods got their copy over HTTP/2 and TLS.
      await("the copy")
          .atMost(OwnAnswers.SOON)
          .until(() -> pods.stat("http.pod-12.downstream_rq_completed") > 1);
      assertThat(envoy.stat("cluster_manager.cds.update_rejected")).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void podsOfAnotherAuthorityOrNameAreRefused(String version, @TempDir Path folder)
      throws Exception {
    Authority authority = Authority.create("pods-ca");
    Authority other = Authority.create("other");
    try (RealEnvoy envoy = gateway(version, folder, authority, authority)) {
      int port = envoy.listenerPort(LISTENER);
      for (Authority.Issued wrong : new Authority.Issued[] {
        other.issue("pods", HOST), authority.issue("pods", "dns:other.example.com")
      }) {
        try (RealEnvoy _ = pods(version, wrong)) {
          await("pods")
              .atMost(OwnAnswers.SOON)
              .until(() -> ask(port, "unverified").statusCode() == 200);
          assertThat(ask(port, "verified").statusCode()).isEqualTo(503);
          assertThat(ask(port, "http2").statusCode()).isEqualTo(503);
        }
      }
      // An unverified pool's fallback is not verified either, and has no certificate to show.
      try (RealEnvoy _ = pods(version, authority.issue("pods", HOST))) {
        await("pods")
            .atMost(OwnAnswers.SOON)
            .until(() -> ask(port, "verified").statusCode() == 200);
      }
    }
  }

  /** A renewed certificate changes clusters, and neither a listener nor a name. */
  @Test
  void aRenewedCertificateChangesNoListener(@TempDir Path folder) throws Exception {
    JsonNode before = translated(folder.resolve("1"), "first");
    JsonNode after = translated(folder.resolve("2"), "second");
    assertThat(after.at("/staticResources/listeners"))
        .isEqualTo(before.at("/staticResources/listeners"));
    assertThat(after.at("/staticResources/clusters").findValuesAsString("name"))
        .isEqualTo(before.at("/staticResources/clusters").findValuesAsString("name"));
    assertThat(after).isNotEqualTo(before);
  }

  private JsonNode translated(Path folder, String name) throws IOException {
    Authority authority = Authority.create(name);
    return new YAMLMapper().readTree(bootstrap(folder, authority, authority));
  }

  private String bootstrap(Path folder, Authority pods, Authority client) throws IOException {
    return OwnAnswers.bootstrap(
        network,
        RECORDED,
        folder,
        network.pod("qwen", 11),
        network.pod("http2", 12),
        certificates(pods, client));
  }

  /** The CA of pods and the gateway's own certificate, as the policies name them. */
  static String certificates(Authority pods, Authority client) throws IOException {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: pods-ca, namespace: default}
        data:
          ca.crt: |
        """ + pods.certificate().indent(4) + "\n---\n"
        + client
            .issue("gateway", "dns:gateway")
            .secret()
            .replace("rig-certificate", "gateway-client");
  }

  private RealEnvoy gateway(String version, Path folder, Authority pods, Authority client)
      throws IOException {
    return RealEnvoy.start(version, bootstrap(folder, pods, client));
  }

  private static void assertAnswer(int port, String model, String answer) {
    await(model)
        .atMost(OwnAnswers.SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(() -> assertThat(connection(ask(port, model))).isEqualTo(answer));
  }

  private static HttpResponse<String> ask(int port, String model) {
    return OwnAnswers.post(port, Client.body(model), OwnAnswers.JSON);
  }

  /** The connection to the pod that has answered, as the pod has seen it. */
  private static String connection(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-connection").orElse("status " + answer.statusCode());
  }

  private RealEnvoy pods(String version, Authority.Issued certificate) {
    return new TlsPods(network)
        .with(11, "http/1.1", certificate, 200)
        .with(12, "h2", certificate, 200)
        .start(version);
  }
}
