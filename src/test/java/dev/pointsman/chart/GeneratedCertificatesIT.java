package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pointsman.rig.Versions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Upgrades over the certificates of an earlier installation, which a stand-in of the API server has. */
class GeneratedCertificatesIT {
  private static final String SECRETS =
      "/api/v1/namespaces/" + ChartIT.GATEWAY + "/secrets/pointsman-";

  @TempDir
  private Path folder;

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer server;
  private Path kubeconfig;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      String answer = answers.get(exchange.getRequestURI().getPath());
      byte[] body = (answer == null ? "{\"kind\": \"Status\", \"code\": 404}" : answer)
          .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    answers.put(
        "/api/v1",
        "{\"kind\": \"APIResourceList\", \"groupVersion\": \"v1\", \"resources\": [{\"name\": \"secrets\","
            + " \"namespaced\": true, \"kind\": \"Secret\", \"verbs\": [\"get\"]}]}");
    kubeconfig = Files.writeString(
        folder.resolve("kubeconfig"), """
        clusters: [{name: a, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: a, context: {cluster: a}}]
        current-context: a
        """.formatted(server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** The certificates after an upgrade, which the cluster has from then on; without metadata, as from any version. */
  private List<JsonNode> upgrade(String clusterDomain) {
    Rendered rendered = new Rendered(new Helm(Map.of("KUBECONFIG", kubeconfig.toString()))
        .run(
            "template",
            "pointsman",
            Helm.CHART,
            "--dry-run=server",
            "--namespace=" + ChartIT.GATEWAY,
            "--kube-version=" + Versions.of("KUBERNETES_VERSION"),
            "--set=notes.lookup=false,clusterDomain=" + clusterDomain)
        .ok());
    List<JsonNode> secrets = new ArrayList<>();
    for (String name : List.of("tls", "ca", "hook-client")) {
      JsonNode data = rendered.object("Secret", "pointsman-" + name).path("data");
      secrets.add(data);
      answers.put(
          SECRETS + name,
          "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {}, \"data\": " + data
              + "}");
    }
    return secrets;
  }

  @Test
  void theyAreKeptForTheSameDomain() {
    assertThat(upgrade("cluster.local")).isEqualTo(upgrade("cluster.local"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"corp.local", "cluster.loca", "cluster.local.corp"})
  void anotherDomainHasOthers(String domain) throws Exception {
    List<JsonNode> before = upgrade("cluster.local");
    List<JsonNode> after = upgrade(domain);
    assertThat(after).doesNotContainAnyElementsOf(before);
    assertThat(ChartTlsIT.certificate(after.getFirst().path("tls.crt").asString())
            .getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.getLast()))
        .containsAll(Stream.of("pointsman", "pointsman-hooks")
            .map(service -> service + "." + ChartIT.GATEWAY + ".svc." + domain)
            .toList());
    assertThat(upgrade(domain)).isEqualTo(after);
  }
}
