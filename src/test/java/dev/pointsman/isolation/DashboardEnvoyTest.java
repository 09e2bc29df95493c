package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The dashboard of models and pools asks for statistics that Envoy has, and for fields that the access log has. */
@Tag("envoy")
class DashboardEnvoyTest {
  private static final Path CHART = Path.of("charts", "pointsman");
  private static final Path RECORDED =
      Path.of("testdata", "translate", "traffic-policy-circuit-breaker");
  private static final String SHARE = "envoy_cluster_name=\"httproute/default/btp-route/rule/0\"";
  private static final String PICKER =
      "envoy_cluster_name=\"pointsman/picker/default/qwen-ext-proc/9002\"";

  private final Network network = new Network();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  private static List<String> queries(String source) throws IOException {
    JsonNode dashboard = JsonMapper.shared()
        .readTree(Files.readString(CHART.resolve("dashboards").resolve("inference.json")));
    return StreamSupport.stream(dashboard.path("panels").spliterator(), false)
        .filter(panel -> panel.at("/datasource/type").asString("").equals(source))
        .flatMap(panel -> panel.path("targets").findValuesAsString("expr").stream())
        .toList();
  }

  private static Set<String> found(String regex, List<String> queries) {
    return queries.stream()
        .flatMap(query -> Pattern.compile(regex).matcher(query).results())
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void envoyHasEachStatistic(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    String pod = network.at(11, 8000).toString();
    byte[] ok = "HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    byte[] error = "HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    try (RawPod server = new RawPod(network.at(11, 8000), _ -> ok);
        ScriptedPicker _ = new ScriptedPicker(network.at(21, 9002), certificate, () -> pod);
        LoggedGateway gateway = LoggedGateway.start(
            version,
            "default/inference-gateway/llm-gw",
            network,
            RECORDED,
            folder,
            network.pod("qwen", 11),
            network.picker("qwen-ext-proc", 21))) {
      gateway.awaitStatus(200, "qwen");
      gateway.send("ok", "qwen", 200, 200);
      server.answer(_ -> error);
      gateway.send("error", "qwen", 200, 500);
      String scrape = gateway.scrape();
      Set<String> statistics =
          found("(envoy_(?:cluster|http)_[a-z_]+)[{\\[]", queries("prometheus"));
      assertThat(statistics).hasSizeGreaterThan(12);
      assertThat(statistics)
          .allSatisfy(name -> assertThat(scrape).containsPattern("(?m)^" + name + "\\{"));
      assertThat(scrape)
          .containsPattern("envoy_cluster_upstream_rq_total\\{" + SHARE + "} [1-9]")
          .containsPattern(
              "envoy_cluster_upstream_rq_xx\\{envoy_response_code_class=\"5\"," + SHARE)
          .containsPattern("envoy_cluster_upstream_rq_active\\{" + PICKER);
    }
  }

  @Test
  void theAccessLogHasEachField() throws IOException {
    JsonNode fields = new YAMLMapper()
        .readTree(Files.readString(CHART.resolve("files").resolve("access-log.yaml")));
    List<String> queries = queries("loki");
    Set<String> asked = found("(?:unwrap |\\| )([a-z][a-z_]+)(?:[!=>~]+| \\[)", queries);
    asked.addAll(Stream.of(found("by \\(([a-z_, ]+)\\)", queries))
        .flatMap(Set::stream)
        .flatMap(list -> Stream.of(list.split(", ")))
        .toList());
    assertThat(asked).contains("model", "pool", "picker", "overruled", "completion_tokens");
    assertThat(fields.propertyNames()).containsAll(asked);
  }
}
