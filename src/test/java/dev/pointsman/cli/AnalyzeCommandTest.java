package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.golden.GoldenFile;
import dev.pointsman.model.Diagnostic.Level;
import dev.pointsman.model.Diagnostic.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pointsman analyze}: each folder of testdata/analyze has a mistake and, beside it, the right way. */
class AnalyzeCommandTest extends CommandLine {
  private static final Path ROOT = Path.of("testdata", "analyze");
  private static final String NO_PODS = "testdata/analyze/PM0001-no-pods";

  /** Codes that only a translation of Envoy Gateway's resources can have. */
  private static final Set<Reason> OF_TRANSLATIONS = Set.of(
      Reason.UnknownEndpoints,
      Reason.Unreadable,
      Reason.ModelsHidden,
      Reason.ModelListTooLong,
      Reason.BrokenRule,
      Reason.AmbiguousWeights,
      Reason.DisputedConnections,
      Reason.SharedHeader);

  static Stream<Path> cases() {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.filter(Files::isDirectory).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theMistakeIsFoundAndTheRightWayIsNot(Path folder) {
    String code = code(folder);
    Result result = run("analyze", folder.toString(), "--fail-on", "Info");
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    new GoldenFile(folder.resolve("expected.txt")).assertIs(result.out());
    assertThat(findings(folder.toString()))
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.path("code").asString()).isEqualTo(code));
    assertThat(run("analyze", folder.toString(), "--fail-on", "Info", "--suppress", code)
            .exitCode())
        .isZero();
  }

  @Test
  void eachCodeOfManifestsHasAFolder() {
    Set<String> expected = Stream.of(Reason.values())
        .filter(reason -> !OF_TRANSLATIONS.contains(reason))
        .map(AnalyzeCommandTest::folderName)
        .collect(Collectors.toCollection(TreeSet::new));
    assertThat(cases().map(folder -> folder.getFileName().toString()).toList())
        .containsExactlyElementsOf(expected);
    assertThat(expected).hasSizeGreaterThanOrEqualTo(35);
  }

  private static String folderName(Reason reason) {
    return reason.code() + reason.name().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String code(Path folder) {
    return folder.getFileName().toString().substring(0, "PM0001".length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "testdata/demo/gateway",
        "testdata/demo",
        "testdata/demo-mirror",
        "testdata/demo-fallback",
        "testdata/e2e-tenants",
        "testdata/kubernetes/document",
        "testdata/kubernetes/high-availability",
        "charts/pointsman/crds"
      })
  void nothingIsFoundInCorrectExamples(String folder) {
    // The pickers of the tests stop at once.
    Result result = run("analyze", folder, "--fail-on", "Info", "--suppress", "PM0112");
    assertThat(result.out()).contains("no findings");
    assertThat(result.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gateway-config",
        "gateway-config --shadow-before 127.0.0.1:5105 --shadow-after 127.0.0.1:5106"
      })
  void theConfigurationThatIsPrintedForEnvoyGatewayIsRight(String command, @TempDir Path folder)
      throws IOException {
    Files.writeString(
        folder.resolve("envoy-gateway.yaml"),
        "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyGateway\n"
            + run(command.split(" ")).out());
    assertThat(findings(folder.toString())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Error, PM0001, 1",
    "Error, PM0004, 0",
    "Warning, PM0004, 1",
    "Warning, PM0027, 0",
    "Info, PM0027, 1"
  })
  void theLowestLevelWithExitCode1IsChosen(Level level, String code, int exitCode) {
    Path folder = cases().filter(one -> code(one).equals(code)).findFirst().orElseThrow();
    assertThat(run("analyze", folder.toString(), "--fail-on", level.name()).exitCode())
        .isEqualTo(exitCode);
  }

  @Test
  void anAnnotationSuppressesCodesOfItsObject(@TempDir Path folder) throws IOException {
    String manifest = Files.readString(Path.of(NO_PODS, "input.yaml"))
        .replaceFirst(
            "namespace: default}",
            "namespace: default, annotations: {pointsman.dev/suppress: \"PM0004, PM0001\"}}");
    Files.writeString(folder.resolve("pool.yaml"), manifest);
    assertThat(findings(folder.toString())).isEmpty();
  }

  @Test
  void linesAreThoseOfTheFieldsInListsAndJsonToo(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("list.yaml"), """
        # A list
        apiVersion: v1
        kind: List
        items:
        - apiVersion: inference.networking.k8s.io/v1
          kind: InferencePool
          metadata: {name: qwen}
          spec:
            selector: {matchLabels: {app: qwen}}
            targetPorts:
            - number: 8000
            - number: 80000
            endpointPickerRef: {name: epp, port: {number: 9002}}
        """);
    Files.writeString(folder.resolve("pool.json"), """
        {"apiVersion": "inference.networking.k8s.io/v1",
         "kind": "InferencePool",
         "metadata": {"name": "deepseek"},
         "spec": {"selector": {"matchLabels": {"app": "deepseek"}},
                  "targetPorts": [{"number": 8000},
                                  {"number": 0}],
                  "endpointPickerRef": {"name": "epp", "port": {"number": 9002}}}}
        """);
    Files.writeString(folder.resolve("broken.yaml"), "kind: Pod\nmetadata: {\n");
    assertThat(findings(folder.toString()))
        .extracting(one -> Path.of(one.path("file").asString()).getFileName() + ":"
            + one.path("line").asInt() + " " + one.path("code").asString())
        .containsExactlyInAnyOrder(
            "broken.yaml:2 PM0015", "list.yaml:12 PM0006", "pool.json:6 PM0006");
  }

  @Test
  void onlyCertificatesThatPoliciesNameAreRead(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("secret.yaml"), """
        apiVersion: v1
        kind: Secret
        metadata: {name: picker-ca}
        data: {ca.crt: cGxhY2Vob2xkZXI=}
        """);
    assertThat(findings(folder.toString())).isEmpty();
    Files.writeString(folder.resolve("policy.yaml"), """
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: verified}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: chat}]
          endpointPicker: {tls: {mode: Verify, caCertificateRefs: [{kind: Secret, name: picker-ca}]}}
        """);
    assertThat(findings(folder.toString()))
        .extracting(one -> one.path("kind").asString() + " " + one.path("code").asString())
        .containsExactly("InferencePolicy PM0007", "Secret PM0015");
  }

  @Test
  void sarifHasWhatCodeScanningReads() {
    JsonNode run = json(run("analyze", NO_PODS, "--output", "sarif").out()).at("/runs/0");
    JsonNode rule = run.path("tool").path("driver").path("rules").path(0);
    JsonNode result = run.path("results").path(0);
    assertThat(rule.path("id").asString()).isEqualTo("PM0001");
    assertThat(result.path("ruleId").asString()).isEqualTo("PM0001");
    assertThat(result.path("level").asString()).isEqualTo("error");
    JsonNode place = result.path("locations").path(0).path("physicalLocation");
    assertThat(place.path("artifactLocation").path("uri").asString())
        .isEqualTo(NO_PODS + "/input.yaml");
    assertThat(place.path("region").path("startLine").asInt()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      testdata/nowhere | does not exist
      testdata/demo --kubernetes | either files and folders or --kubernetes
      testdata/demo --namespace ml | needs --kubernetes
      testdata/demo --suppress PM9999 | is not a code
      testdata/demo --fail-on Never | --fail-on
      --kubernetes --kubeconfig testdata/nowhere | there is no such file
      """)
  void misuseIsNamed(String options, String problem) {
    Result result = run(("analyze " + options).split(" "));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(problem);
    assertThat(result.out()).isEmpty();
  }

  private static List<JsonNode> findings(String path) {
    return json(run("analyze", path, "--output", "json").out()).path("findings").values().stream()
        .toList();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void namesCannotWriteLinesOfTheirOwn(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: "a\\n::error::b\\e]0;c", namespace: default}
        spec: {}
        """);
    assertThat(run("analyze", folder.toString()).out())
        .contains("a\\u000a::error::b\\u001b]0;c")
        .doesNotContain("\n::error", "\u001b");
  }
}
