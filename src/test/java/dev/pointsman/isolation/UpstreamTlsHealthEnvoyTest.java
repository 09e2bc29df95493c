package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A pool of two pods behind TLS, one of which fails: its responses, its certificate at health checks, or its handshakes. */
@Tag("envoy")
class UpstreamTlsHealthEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-upstream-tls");
  private static final String CLUSTER = "cluster.httproute/default/llm/rule/1.";
  private static final String HOST = "dns:pods.example.com";
  private static final int GOOD = 12;
  private static final int BAD = 14;
  private static final int MANY = 30;

  private final Network network = new Network();

  @TempDir
  private Path folder;

  private Authority authority;
  private Authority other;

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @BeforeEach
  void authorities() throws Exception {
    authority = Authority.create("pods-ca");
    other = Authority.create("other");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aPodThatAnswersErrorsIsEjected(String version) throws Exception {
    try (RealEnvoy _ = pods(version, authority, 503);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap())) {
      awaitWithRequests(envoy, "outlier_detection.ejections_enforced_consecutive_5xx");
      assertThat(envoy.stat(CLUSTER + "health_check.failure")).isZero();
      assertServed(envoy);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aPodOfAnotherAuthorityFailsItsHealthChecks(String version) throws Exception {
    try (RealEnvoy _ = pods(version, other, 200);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap())) {
      await("health checks")
          .atMost(OwnAnswers.SOON)
          .until(() -> envoy.stat(CLUSTER + "health_check.failure") > 0
              && envoy.stat(CLUSTER + "health_check.success") > 0);
      assertThat(envoy.stat(CLUSTER + "membership_healthy")).isEqualTo(1);
      assertServed(envoy);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aPodWhoseHandshakesFailIsEjectedWithoutHealthChecks(String version) throws Exception {
    JsonNode bootstrap = new YAMLMapper().readTree(bootstrap());
    for (JsonNode cluster : bootstrap.at("/staticResources/clusters")) {
      ((ObjectNode) cluster).remove("healthChecks");
    }
    try (RealEnvoy _ = pods(version, other, 200);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap.toString())) {
      awaitWithRequests(
          envoy, "outlier_detection.ejections_enforced_consecutive_local_origin_failure");
      assertServed(envoy);
    }
  }

  private static void awaitWithRequests(RealEnvoy envoy, String ejections) {
    int port = envoy.listenerPort("default/inference/llm");
    await(ejections)
        .atMost(OwnAnswers.SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .until(() -> {
          int _ = status(port);
          return envoy.stat(CLUSTER + ejections) == 1;
        });
  }

  private static void assertServed(RealEnvoy envoy) {
    int port = envoy.listenerPort("default/inference/llm");
    for (int i = 0; i < MANY; i++) {
      assertThat(status(port)).isEqualTo(200);
    }
  }

  private static int status(int port) {
    return OwnAnswers.post(port, Client.body("http2"), OwnAnswers.JSON).statusCode();
  }

  private RealEnvoy pods(String version, Authority ofTheBad, int statusOfTheBad) throws Exception {
    return new TlsPods(network)
        .with(GOOD, "h2", authority.issue("good", HOST), 200)
        .with(BAD, "h2", ofTheBad.issue("bad", HOST), statusOfTheBad)
        .start(version);
  }

  private String bootstrap() throws IOException {
    return OwnAnswers.bootstrap(
        network,
        RECORDED,
        folder,
        network.pod("http2", GOOD),
        network.pod("http2", BAD).replace("http2-0", "http2-1"),
        UpstreamTlsEnvoyTest.certificates(authority, authority));
  }
}
