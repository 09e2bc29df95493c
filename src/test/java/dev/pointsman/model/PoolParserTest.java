package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Valid InferencePools, and the messages for invalid ones. */
class PoolParserTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private static final String V1 = """
      apiVersion: inference.networking.k8s.io/v1
      kind: InferencePool
      metadata: {name: qwen-pool, namespace: models}
      spec:
        selector: {matchLabels: {app: qwen, tier: gpu}}
        targetPorts: [{number: 8000}, {number: 8001}]
        appProtocol: kubernetes.io/h2c
        endpointPickerRef: {name: epp, kind: Service, port: {number: 9003}, failureMode: FailOpen}
      """;

  private static final String V1ALPHA2 = """
      apiVersion: inference.networking.x-k8s.io/v1alpha2
      kind: InferencePool
      metadata: {name: qwen-pool, namespace: models}
      spec:
        selector: {app: qwen, tier: gpu}
        targetPortNumber: 8000
        extensionRef: {group: "", kind: Service, name: epp, portNumber: 9003, failureMode: FailOpen}
      """;

  @Test
  void readsEveryFieldOfV1() {
    assertThat(valid(V1))
        .isEqualTo(new InferencePool(
            new PoolRef("inference.networking.k8s.io", "models", "qwen-pool"),
            Map.of("app", "qwen", "tier", "gpu"),
            List.of(8000, 8001),
            AppProtocol.H2C,
            Optional.of(new EndpointPicker(
                new ServicePort("models", "epp", 9003), FailureMode.FAIL_OPEN))));
  }

  @Test
  void readsEveryFieldOfV1alpha2() {
    assertThat(valid(V1ALPHA2))
        .isEqualTo(new InferencePool(
            new PoolRef("inference.networking.x-k8s.io", "models", "qwen-pool"),
            Map.of("app", "qwen", "tier", "gpu"),
            List.of(8000),
            AppProtocol.HTTP,
            Optional.of(new EndpointPicker(
                new ServicePort("models", "epp", 9003), FailureMode.FAIL_OPEN))));
  }

  @Test
  void aPickerListensOnPort9002AndFailsClosedUnlessItSaysOtherwise() {
    String short1 = V1.replace(", port: {number: 9003}, failureMode: FailOpen", "");
    String short2 = V1ALPHA2.replace(", portNumber: 9003, failureMode: FailOpen", "");
    EndpointPicker expected =
        new EndpointPicker(new ServicePort("models", "epp", 9002), FailureMode.FAIL_CLOSE);
    assertThat(valid(short1).picker()).contains(expected);
    assertThat(valid(short2).picker()).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {V1, V1ALPHA2})
  void aPoolWithoutAPickerIsServedAndSaysSo(String yaml) {
    ObjectNode pool = (ObjectNode) YAML.readTree(yaml);
    ObjectNode spec = (ObjectNode) pool.path("spec");
    spec.remove(List.of("endpointPickerRef", "extensionRef"));
    Parsed.Valid<?> parsed = (Parsed.Valid<?>) PoolParser.parse(pool);
    assertThat(parsed.value())
        .asInstanceOf(type(InferencePool.class))
        .satisfies(read -> assertThat(read.picker()).isEmpty());
    assertThat(parsed.remarks())
        .singleElement()
        .satisfies(remark -> assertThat(remark.message()).contains("least requests"));
  }

  @Test
  void anUnknownFailureModeIsTakenAsFailClose() {
    Parsed.Valid<?> parsed =
        (Parsed.Valid<?>) PoolParser.parse(YAML.readTree(V1.replace("FailOpen", "FailSometimes")));
    assertThat(((InferencePool) parsed.value()).picker().orElseThrow().failureMode())
        .isEqualTo(FailureMode.FAIL_CLOSE);
    assertThat(parsed.remarks().toString())
        .contains("InferencePool models/qwen-pool spec.endpointPickerRef.failureMode")
        .contains("FailSometimes");
  }

  @Test
  void fieldsThatItDoesNotKnowArePassedOver() {
    String later = V1 + "  somethingNew: {deep: [1, 2]}\n";
    assertThat(valid(later + "status: {parents: []}\nextra: 1\n")).isEqualTo(valid(V1));
  }

  private static String withPorts(String ports) {
    return V1.replaceFirst("targetPorts: .*", "targetPorts: [" + ports + "]");
  }

  @Test
  void onlyPortsThatServeAreEndpoints() {
    assertThat(valid(withPorts("{number: 9090, role: Metrics}, {number: 8000, role: Serving},"
                + " {number: 8001}, {number: 8081, role: Health}, {number: 8000, role: Metrics}"))
            .targetPorts())
        .containsExactly(8000, 8001);
  }

  @ParameterizedTest
  @ValueSource(strings = {"serving", "''", "Prefill", "7", "[Serving]"})
  void aPortOfAnUnknownRoleGetsNoRequests(String role) {
    Parsed.Valid<?> parsed = (Parsed.Valid<?>) PoolParser.parse(
        YAML.readTree(withPorts("{number: 8000}, {number: 8001, role: " + role + "}")));
    assertThat(((InferencePool) parsed.value()).targetPorts()).containsExactly(8000);
    assertThat(parsed.remarks()).singleElement().satisfies(remark -> {
      assertThat(remark.reason()).isEqualTo(Diagnostic.Reason.UnknownPortRole);
      assertThat(remark.toString()).contains("spec.targetPorts[1].role", "port 8001");
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{number: 9090, role: Metrics}", "{number: 1, role: x}, {number: 2, role: Health}"
      })
  void aPoolWithoutAServingPortSaysSo(String ports) {
    Parsed.Invalid<?> parsed =
        (Parsed.Invalid<?>) PoolParser.parse(YAML.readTree(withPorts(ports)));
    assertThat(parsed.problems())
        .extracting(Diagnostic::reason)
        .containsExactly(Diagnostic.Reason.NoServingPort);
  }

  @Test
  void twoEqualPortsAreOne() {
    assertThat(valid(V1.replace("8001", "8000")).targetPorts()).containsExactly(8000);
  }

  @Test
  void aPoolWithoutANamespaceIsInDefault() {
    assertThat(valid(V1.replace(", namespace: models", "")).ref().namespace()).isEqualTo("default");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
      'name: qwen-pool, '                         | ''                        | metadata.name
      inference.networking.k8s.io/v1              | example.com/v1            | apiVersion
      inference.networking.k8s.io/v1              | v1                        | apiVersion
      'selector: {matchLabels: {app: qwen, tier: gpu}}' | 'selector: {}'      | spec.selector.matchLabels
      'tier: gpu'                                 | 'tier: 3'                 | spec.selector.matchLabels.tier
      '[{number: 8000}, {number: 8001}]'          | '[]'                      | spec.targetPorts
      '[{number: 8000}, {number: 8001}]'          | '8000'                    | spec.targetPorts
      'number: 8001'                              | 'number: 0'               | spec.targetPorts[1].number
      'number: 8001'                              | 'number: 65536'           | spec.targetPorts[1].number
      'number: 8001'                              | 'number: http'            | spec.targetPorts[1].number
      'number: 8001'                              | 'number: 80.5'            | spec.targetPorts[1].number
      'number: 8001'                              | 'number: 99999999999999'  | spec.targetPorts[1].number
      'kubernetes.io/h2c'                         | 'kubernetes.io/ws'        | spec.appProtocol
      'kind: Service'                             | 'kind: Deployment'        | spec.endpointPickerRef.kind
      'kind: Service'                             | 'kind: Service, group: apps' | spec.endpointPickerRef.kind
      'name: epp'                                 | 'name: ""'                | spec.endpointPickerRef.name
      'number: 9003'                              | 'number: -1'              | spec.endpointPickerRef.port.number
      """)
  void aMistakeInV1NamesTheObjectAndTheField(String right, String wrong, String field) {
    assertSays(V1, right, wrong, field);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
      'selector: {app: qwen, tier: gpu}'  | 'selector: {}'             | spec.selector
      'targetPortNumber: 8000'            | ''                         | spec.targetPortNumber
      'targetPortNumber: 8000'            | 'targetPortNumber: "8000"' | spec.targetPortNumber
      'kind: Service'                     | 'kind: Pod'                | spec.extensionRef.kind
      'portNumber: 9003'                  | 'portNumber: 70000'        | spec.extensionRef.portNumber
      """)
  void aMistakeInV1alpha2NamesTheObjectAndTheField(String right, String wrong, String field) {
    assertSays(V1ALPHA2, right, wrong, field);
  }

  @Test
  void nineTargetPortsAreOneTooMany() {
    assertSays(
        V1,
        "{number: 8001}",
        "1,2,3,4,5,6,7,8".replaceAll("(\\d)", "{number: $1}"),
        "spec.targetPorts");
  }

  @Test
  void allMistakesAreReportedTogether() {
    String wrong = V1.replace("8000", "0").replace("9003", "0").replace("h2c", "x");
    assertThat(problems(wrong)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "null", "a text", "{spec: 1}", "{metadata: [], spec: []}"})
  void anotherKindIsReportedAsNoPool(String yaml) {
    assertThat(PoolParser.parse(YAML.readTree(yaml))).isInstanceOf(Parsed.Invalid.class);
  }

  private static InferencePool valid(String yaml) {
    Parsed<InferencePool> parsed = PoolParser.parse(YAML.readTree(yaml));
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<InferencePool>) parsed).value();
  }

  private static List<Diagnostic> problems(String yaml) {
    JsonNode object = YAML.readTree(yaml);
    Parsed<InferencePool> parsed = PoolParser.parse(object);
    assertThat(parsed).isInstanceOf(Parsed.Invalid.class);
    return ((Parsed.Invalid<InferencePool>) parsed).problems();
  }

  private static void assertSays(String yaml, String right, String wrong, String field) {
    assertThat(yaml).contains(right);
    List<Diagnostic> problems = problems(yaml.replace(right, wrong == null ? "" : wrong));
    assertThat(problems).singleElement().satisfies(problem -> {
      assertThat(problem.field()).isEqualTo(field);
      assertThat(problem.toString()).startsWith("InferencePool ").contains(field);
    });
  }
}
