package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.pointsman.rig.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that cannot read {@code hack/versions} agree with it; scripts and tests that can read it do. */
class VersionsTest {
  private static final String NUMBER = "([0-9]+\\.[0-9]+\\.[0-9]+)";
  private static final Pattern KUBERNETES_MODULES =
      Pattern.compile("k8s\\.io/(?:api|apiextensions-apiserver|apimachinery|apiserver|client-go|"
          + "component-base|kubectl) (?!v0\\.0\\.0)v" + NUMBER);

  static Stream<Arguments> files() {
    String extension = "sigs\\.k8s\\.io/gateway-api-inference-extension";
    String libraries = Versions.of("KUBERNETES_VERSION").replaceFirst("^1", "0");
    String simulator = "llm-d/llm-d-inference-sim";
    String helmChart = "gateway-helm --version v" + NUMBER;
    return Stream.of(
        arguments(
            "hack/promtool/go.mod",
            "github\\.com/prometheus/prometheus v" + NUMBER,
            version("PROMETHEUS_VERSION")),
        arguments( // the module 0.xyy.z is the release x.yy.z
            "src/site/markdown/alerts.md",
            "prom/prometheus:v" + NUMBER,
            version("PROMETHEUS_VERSION").replaceFirst("^0\\.(\\d)", "$1.")),
        arguments("hack/helm/go.mod", "helm\\.sh/helm/v3 v" + NUMBER, version("HELM_VERSION")),
        arguments(
            "hack/kubernetes/go.mod",
            "k8s\\.io/kubernetes v" + NUMBER,
            version("KUBERNETES_VERSION")),
        arguments("hack/kubernetes/go.mod", KUBERNETES_MODULES.pattern(), libraries),
        arguments("hack/node/go.mod", KUBERNETES_MODULES.pattern(), libraries),
        arguments("hack/check-crds/go.mod", KUBERNETES_MODULES.pattern(), libraries),
        arguments(
            "hack/bench/go.mod",
            "github\\.com/envoyproxy/gateway v" + NUMBER,
            version("ENVOY_GATEWAY_VERSION")),
        arguments("hack/bench/go.mod", "(?m)^go " + NUMBER, version("ENVOY_GATEWAY_GO")),
        arguments(
            "hack/echo-basic/go.mod",
            "sigs\\.k8s\\.io/gateway-api/conformance v" + NUMBER,
            version("GATEWAY_API_VERSION")),
        arguments(
            "hack/endpoint-picker/go.mod",
            extension + " v" + NUMBER,
            version("INFERENCE_EXTENSION_VERSION")),
        arguments(
            "hack/conformance/v1.5/go.mod",
            extension + "(?:/conformance)? v" + NUMBER,
            version("INFERENCE_EXTENSION_VERSION")),
        arguments(
            "hack/conformance/v1.6/go.mod",
            extension + "(?:/conformance)? v" + NUMBER,
            version("INFERENCE_EXTENSION_NEXT")),
        arguments(
            "hack/llm-d-scheduler/go.mod",
            "llm-d/llm-d-inference-scheduler v" + NUMBER,
            version("LLM_D_SCHEDULER_VERSION")),
        arguments("hack/kine/go.mod", "k3s-io/kine v" + NUMBER, version("KINE_VERSION")),
        arguments(
            "src/site/markdown/start.md",
            simulator + ":v" + NUMBER,
            version("INFERENCE_SIM_VERSION")),
        arguments(
            "testdata/demo/cluster/pods.yaml",
            simulator + ":v" + NUMBER,
            version("INFERENCE_SIM_VERSION")),
        arguments("hack/node/probes.go", "kube-probe/([0-9.]+)", minor("KUBERNETES_VERSION")),
        arguments("src/site/markdown/start.md", helmChart, version("ENVOY_GATEWAY_VERSION")),
        arguments("src/site/markdown/install.md", helmChart, version("ENVOY_GATEWAY_VERSION")),
        arguments(
            "src/site/markdown/start.md",
            "gateway-api-inference-extension/epp:v" + NUMBER,
            version("INFERENCE_EXTENSION_VERSION")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("files")
  void agreesWithHackVersions(String file, String pattern, String version) throws IOException {
    List<String> found = Pattern.compile(pattern)
        .matcher(Files.readString(Path.of(file)))
        .results()
        .map(match -> match.group(1))
        .distinct()
        .toList();
    assertThat(found).as("%s against %s", file, Versions.FILE).containsExactly(version);
  }

  @Test
  void scriptsAndTestsRepeatNoVersion() throws IOException {
    List<String> repeated = new ArrayList<>();
    for (Path file : files("hack", "src/test/java")) {
      String text = Files.readString(file);
      for (Map.Entry<String, String> version : Versions.all().entrySet()) {
        Pattern literal =
            Pattern.compile("(?<![0-9.])" + Pattern.quote(version.getValue()) + "(?![0-9.])");
        literal
            .matcher(text)
            .results()
            .map(MatchResult::start)
            .forEach(at -> repeated.add("%s:%d says %s: read %s"
                .formatted(
                    file,
                    text.substring(0, at).lines().count(),
                    version.getValue(),
                    version.getKey())));
      }
    }
    assertThat(repeated).isEmpty();
  }

  private static List<Path> files(String... folders) throws IOException {
    List<Path> all = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> found = Files.walk(Path.of(folder))) {
        found.filter(file -> file.toString().matches(".*\\.(sh|java|go|yaml)")).forEach(all::add);
      }
    }
    return all;
  }

  private static String version(String name) {
    return Versions.of(name);
  }

  private static String minor(String name) {
    return Versions.of(name).replaceFirst("\\.[0-9]+$", "");
  }
}
