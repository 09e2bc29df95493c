package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pointsman.analyze.Installation;
import dev.pointsman.analyze.Known;
import dev.pointsman.cli.CheckResult.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code pointsman check}: pages of replicas in, results out. {@code StartPageIT} runs it in a cluster. */
class CheckCommandTest extends CommandLine {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final String READY = "{\"ready\": true, \"waitingFor\": [], \"problems\": []}";
  private static final String WELL =
      """
      # TYPE pointsman_hook_last_call_seconds gauge
      pointsman_hook_last_call_seconds %d
      pointsman_hook_seconds_count{hook="Route",outcome="ok"} 7
      pointsman_hook_seconds_count{hook="Route",outcome="error"} 0
      pointsman_pool_clusters 3
      pointsman_eds_streams 2
      pointsman_eds_nacks_total 0
      pointsman_certificate_expires_timestamp_seconds{certificate="server"} %d
      pointsman_objects{kind="InferencePool"} 3
      pointsman_objects{kind="HTTPRoute"} 1
      pointsman_object_diagnostics{reason="NoPods"} 0
      """.formatted(NOW.getEpochSecond() - 90, NOW.getEpochSecond() + 30 * 86_400);

  private static List<CheckResult> results(String ready, String metrics)
      throws ReplicaReport.OtherServer {
    return new InstallationChecks(List.of(ReplicaReport.of("10.0.0.1", ready, metrics)), NOW)
        .results();
  }

  @Test
  void aSoundInstallationHasNoFailureAndNoWarning() throws Exception {
    assertThat(results(READY, WELL))
        .hasSizeGreaterThan(4)
        .allMatch(result -> result.verdict() == Verdict.OK)
        .anyMatch(result -> result.text().contains("last 90 s ago"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      last_call_seconds \\d+              | last_call_seconds 0               | WARN   | not called these replicas yet, but others
      outcome="error"} 0                  | outcome="error"} 2                | FAILED | 2 calls
      eds_streams 2                       | eds_streams 0                     | FAILED | no proxy asks
      nacks_total 0                       | nacks_total 1                     | FAILED | rejected
      certificate="server"} \\d+          | certificate="server"} 1795968000  | FAILED | 2026-11-29T16:00:00Z
      reason="NoPods"} 0                  | reason="NoPods"} 1                | WARN   | NoPods
      """)
  void aFaultIsNamed(String sound, String broken, Verdict verdict, String text) throws Exception {
    assertThat(results(READY, WELL.replaceFirst(sound, broken)))
        .filteredOn(result -> result.verdict() != Verdict.OK)
        .singleElement()
        .satisfies(result -> {
          assertThat(result.verdict()).isEqualTo(verdict);
          assertThat(result.text()).contains(text);
        });
  }

  @Test
  void aTranslationThatAnotherReplicaHasReplacedIsNoWarning() throws Exception {
    String old = """
        pointsman_diagnostics{reason="InvalidPolicy"} 1
        pointsman_gateway_diagnostics{code="PM0008",gateway="ml/gw",reason="InvalidPolicy"} 1
        pointsman_gateway_translated_seconds{gateway="ml/gw"} 1.7E9
        """;
    String latest = "pointsman_gateway_translated_seconds{gateway=\"ml/gw\"} 1.8E9\n";
    ReplicaReport first = ReplicaReport.of("10.0.0.1", READY, WELL + old);
    ReplicaReport second = ReplicaReport.of("10.0.0.2", READY, WELL + latest);
    assertThat(new InstallationChecks(List.of(first, second), NOW).results())
        .allMatch(result -> result.verdict() == Verdict.OK);
    assertThat(new InstallationChecks(List.of(first), NOW).results())
        .anyMatch(result -> result.text().contains("InvalidPolicy"));
  }

  /** Envoy Gateway knows nothing of Pointsman, so no proxy does. */
  @Test
  void anInstallationThatWasNeverCalledIsNamed() throws Exception {
    String never = WELL.replaceFirst("last_call_seconds \\d+", "last_call_seconds 0")
        .replace("pool_clusters 3", "pool_clusters 0")
        .replace("eds_streams 2", "eds_streams 0");
    assertThat(results(READY, never))
        .extracting(CheckResult::toString)
        .anyMatch(text -> text.contains("FAILED  Envoy Gateway has never called"))
        .anyMatch(text -> text.contains("WARN    no Gateway has routes to pools yet"));
  }

  @Test
  void aMissingRightIsTheReplicasFault() throws Exception {
    String ready = "{\"ready\": true, \"problems\": [\"may not list pods\"]}";
    assertThat(results(ready, WELL)).first().asString().contains("FAILED", "may not list pods");
  }

  @Test
  void oneReplicaThatIsCalledIsEnough() throws Exception {
    String quiet = WELL.replaceFirst("last_call_seconds \\d+", "last_call_seconds 0")
        .replace("eds_streams 2", "eds_streams 0");
    List<CheckResult> results = new InstallationChecks(
            List.of(ReplicaReport.of("a", READY, quiet), ReplicaReport.of("b", READY, WELL)), NOW)
        .results();
    assertThat(results).allMatch(result -> result.verdict() == Verdict.OK);
  }

  @Test
  void aKindThatMayNotBeListedIsNotMissing() {
    Set<String> unread = Set.of(
        "ConfigMap",
        "Pod",
        "InferencePool.inference.networking.k8s.io",
        "CustomResourceDefinition.apiextensions.k8s.io");
    Installation installation = Installation.of(List.of(), new Known(true, Set.of(), unread));
    ClusterChecks checks = new ClusterChecks(installation, unread);
    assertThat(checks.before()).hasSize(4).allMatch(result -> result.text().contains("listed"));
    assertThat(checks.pools()).isEmpty();
    assertThat(new ClusterChecks(installation, Set.of()).before())
        .extracting(CheckResult::text)
        .anyMatch(text -> text.contains("there is no ConfigMap envoy-gateway-config"))
        .anyMatch(text -> text.contains("no pod of Pointsman runs"));
  }

  @Test
  void aServerThatIsNotThereFails() {
    Result result = run("check", "--server", "http://127.0.0.1:1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("FAILED", "replica 127.0.0.1 does not respond");
    assertThat(run("check", "--server", "https://127.0.0.1").exitCode()).isEqualTo(2);
    assertThat(run("check").err()).contains("use either --kubernetes or --server");
    assertThat(run("check", "--server", "http://127.0.0.1:1", "--wait", "-1").err())
        .contains("not negative");
    assertThat(run("check", "--server", "http://nowhere.invalid:8080").out())
        .contains("no address");
  }

  /** Prometheus at the given port, a sidecar that cannot reach Pointsman, and other servers. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      <html>Prometheus</html>            | pointsman_eds_streams 2
      404 page not found                 | 404 page not found
      upstream connect error             | upstream connect error
      {"ready": true}                    | upstream connect error
      {"ready": true}                    | pointsman_eds_streams two
      {"status": "UP"}                   | pointsman_eds_streams 2
      []                                 | pointsman_eds_streams 2
      ''                                 | pointsman_eds_streams 2
      """)
  void anotherServerIsNamed(String readyz, String metrics) throws IOException {
    HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    other.createContext("/", exchange -> {
      String page = exchange.getRequestURI().getPath().equals("/readyz") ? readyz : metrics;
      byte[] body = page.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    other.start();
    try {
      Result result =
          run("check", "--server", "http://127.0.0.1:" + other.getAddress().getPort());
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.out().strip())
          .isEqualTo(
              "FAILED  replica 127.0.0.1: the port answers something else than Pointsman's admin port");
      assertThat(result.err()).isEmpty();
    } finally {
      other.stop(0);
    }
  }
}
