package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.Backend;
import dev.pointsman.model.InferencePolicy.Destination;
import dev.pointsman.model.InferencePolicy.MirrorSpec;
import dev.pointsman.model.InferencePolicy.ModelSettings;
import dev.pointsman.model.InferencePolicy.ModelSpec;
import dev.pointsman.model.InferencePolicy.OnUnknown;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.model.InferencePolicy.PickerSpec;
import dev.pointsman.model.InferencePolicy.PickerTlsSpec;
import dev.pointsman.model.InferencePolicy.Target;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class PolicyParserTest {
  static Stream<PolicySample> valid() {
    return PolicySample.in("valid");
  }

  static Stream<PolicySample> invalid() {
    return PolicySample.in("invalid");
  }

  @Test
  void modelsAboveTheBoundAreTooLargeAndTheRestHasEffect() {
    String models = IntStream.range(0, 200)
        .mapToObj(i -> "{name: \"" + "x".repeat(200) + i + "\"}")
        .collect(Collectors.joining(", ", "[", "]"));
    Parsed<InferencePolicy> parsed = PolicyParser.parse(large("models: " + models));
    assertThat(((Parsed.Valid<InferencePolicy>) parsed).remarks())
        .singleElement()
        .satisfies(said -> {
          assertThat(said.reason()).isEqualTo(Reason.TooLarge);
          assertThat(said.field()).isEqualTo("spec.models");
        });
  }

  @Test
  void aPolicyThatIsTooLargeWithoutItsModelsHasNoEffect() {
    Parsed<InferencePolicy> parsed =
        PolicyParser.parse(large("modelsFrom: " + "x".repeat(CarriedPolicy.MOST_BYTES)));
    assertThat(((Parsed.Invalid<InferencePolicy>) parsed).problems())
        .extracting(Diagnostic::reason)
        .containsExactly(Reason.TooLarge);
  }

  private static JsonNode large(String part) {
    return YAMLMapper.shared().readTree("""
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: large, namespace: ml}
        spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}], %s}
        """.formatted(part));
  }

  private static InferencePolicy policy(JsonNode object) {
    Parsed<InferencePolicy> parsed = PolicyParser.parse(object);
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    return ((Parsed.Valid<InferencePolicy>) parsed).value();
  }

  private static Destination pool(String group, String namespace, String name) {
    return new Destination.Pool(new PoolRef(group, namespace, name));
  }

  private static Destination service(String namespace, String name, int port) {
    return new Destination.ServiceDestination(new ServicePort(namespace, name, port));
  }

  /** A policy on an HTTPRoute with this in its spec. */
  private static JsonNode onRoute(String more) {
    return new YAMLMapper().readTree("""
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: p, namespace: ml}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: llm}]
        """ + more.indent(2));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void acceptsWithoutARemark(PolicySample sample) {
    assertThat(PolicyParser.parse(sample.node()))
        .isInstanceOfSatisfying(
            Parsed.Valid.class, parsed -> assertThat(parsed.remarks()).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void saysWhichFieldIsWrongAndWhatToDo(PolicySample sample) {
    assertThat(PolicyParser.parse(sample.node())).isInstanceOf(Parsed.Invalid.class);
    List<Diagnostic> problems =
        ((Parsed.Invalid<InferencePolicy>) PolicyParser.parse(sample.node())).problems();
    assertThat(problems)
        .allMatch(problem -> problem.reason() == Reason.InvalidPolicy)
        .allMatch(problem -> problem.about().toString().startsWith("InferencePolicy ml/"))
        .extracting(problem -> problem.field() + ": " + problem.message())
        .containsExactlyElementsOf(sample.problems());
  }

  @Test
  void readsEveryFieldOfAPolicyOnARoute() {
    assertThat(policy(PolicySample.valid("route-everything").node()))
        .isEqualTo(new InferencePolicy(
            "ml",
            "route-everything",
            "2026-11-22T10:00:00Z",
            List.of(new Target("HTTPRoute", "llm", ""), new Target("HTTPRoute", "other", "chat")),
            Optional.empty(),
            List.of(
                new ModelSpec(
                    "qwen",
                    List.of("qwen-max", "Qwen/Qwen3-8B"),
                    List.of(
                        new Backend(pool(PoolRef.V1, "ml", "qwen"), 90),
                        new Backend(pool(PoolRef.V1ALPHA2, "canary", "qwen-next"), 10))),
                new ModelSpec(
                    "gpt",
                    List.of(),
                    List.of(
                        new Backend(service("egress", "openai", 443), 1),
                        new Backend(service("ml", "local", 80), 0))),
                new ModelSpec("llama", List.of("llama-lora"), List.of())),
            true,
            List.of(
                new MirrorSpec(pool(PoolRef.V1, "ml", "qwen-shadow"), 1_000_000, true),
                new MirrorSpec(pool(PoolRef.V1, "ml", "qwen-shadow-2"), 5_000, false),
                new MirrorSpec(service("ml", "recorder", 8080), 1, false)),
            Optional.of(new OutlierDetection(7, 0, 90_000, 250, 100)),
            Optional.of(new PickerSpec(
                Optional.of(FailureMode.FAIL_OPEN),
                OptionalLong.of(120_000),
                OptionalInt.of(5000),
                new PickerTlsSpec.Verify(
                    List.of(
                        new CaCertificateRef("ConfigMap", "picker-ca"),
                        new CaCertificateRef("Secret", "picker-ca-2")),
                    "epp.ml.svc")))));
  }

  @Test
  void readsEveryFieldOfAPolicyOnAGateway() {
    InferencePolicy policy = policy(PolicySample.valid("gateway-everything").node());
    assertThat(policy.targets()).containsExactly(new Target("Gateway", "inference", "llm"));
    assertThat(policy.model())
        .contains(new ModelSettings(
            Optional.of("x-model"),
            Optional.of(true),
            OptionalLong.of(8 << 20),
            OnUnknown.PASS_THROUGH,
            true));
    assertThat(policy.outlierDetection()).contains(OutlierDetection.DEFAULT);
    assertThat(policy.endpointPicker().orElseThrow().tls())
        .isEqualTo(new PickerTlsSpec.Plaintext());
  }

  @Test
  void hasDefaults() {
    InferencePolicy policy = policy(PolicySample.valid("defaults").node());
    assertThat(policy.namespace()).isEqualTo("default");
    assertThat(policy.created()).isEmpty();
    assertThat(policy.model())
        .contains(new ModelSettings(
            Optional.empty(), Optional.empty(), OptionalLong.empty(), OnUnknown.NOT_FOUND, false));
    assertThat(policy.endpointPicker())
        .contains(new PickerSpec(
            Optional.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            new PickerTlsSpec.SkipVerify()));
  }

  @Test
  void takes256ModelsAndNoMore() {
    String models = IntStream.range(0, 256)
        .mapToObj(i -> "- {name: m" + i + ", backends: [{pool: {name: p}}]}\n")
        .collect(Collectors.joining("", "models:\n", ""));
    assertThat(policy(onRoute(models)).models()).hasSize(256);
    String oneMore = models + "- {name: more, backends: [{pool: {name: p}}]}\n";
    assertThat(PolicyParser.parse(onRoute(oneMore)).toString())
        .contains("spec.models")
        .contains("has 257 items, but at most 256 are allowed");
  }

  @Test
  void anotherHeaderForTheModelNeedsTheExtraction() {
    String onGateway = onRoute("model: {header: X-Model, extraction: Disabled}")
        .toString()
        .replace("HTTPRoute", "Gateway");
    Parsed<InferencePolicy> parsed = PolicyParser.parse(new YAMLMapper().readTree(onGateway));
    assertThat(((Parsed.Valid<InferencePolicy>) parsed).remarks())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "InferencePolicy ml/p spec.model.header: has no effect with extraction: Disabled; a client or filter that sets the model's"
                + " name sets X-Gateway-Model-Name (InvalidPolicy)");
  }

  @Test
  void aMisspelledFieldIsPassedOverAndSaid() {
    Parsed<InferencePolicy> parsed =
        PolicyParser.parse(onRoute("mirrors: [{pool: {name: a, nmae: b}, percnt: 1}]\nmodell: {}"));
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    assertThat(((Parsed.Valid<InferencePolicy>) parsed).remarks())
        .extracting(Diagnostic::toString)
        .containsExactlyInAnyOrder(
            "InferencePolicy ml/p spec.modell: is not a field of it and is passed over (InvalidPolicy)",
            "InferencePolicy ml/p spec.mirrors[0].percnt: is not a field of it and is passed over (InvalidPolicy)",
            "InferencePolicy ml/p spec.mirrors[0].pool.nmae: is not a field of it and is passed over (InvalidPolicy)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models: 5",
        "models: [5]",
        "models: {}",
        "models: [null]",
        "models: [{name: [], backends: {}}]",
        "models: [{name: a, aliases: x, backends: [[]]}]",
        "mirrors: [{pool: x}]",
        "mirrors: [{pool: {name: a}, percent: .nan}]",
        "mirrors: [{pool: {name: a}, percent: .inf}]",
        "mirrors: [{pool: {name: a}, percent: 1e99999999}]",
        "endpointPicker: {tls: []}",
        "outlierDetection: {interval: 99999999999999999999s}"
      })
  void anyShapeIsAProblemAndNeverAnException(String spec) {
    assertThat(PolicyParser.parse(onRoute(spec))).isInstanceOf(Parsed.Invalid.class);
  }

  @Test
  void otherObjectsAreNotPolicies() {
    for (String object : List.of(
        "{}",
        "{apiVersion: pointsman.dev/v1alpha1, kind: InferencePolicy}",
        "{apiVersion: pointsman.dev/v1alpha1, kind: InferencePolicy, metadata: {name: a}}",
        "{apiVersion: pointsman.dev/v9, kind: InferencePolicy, metadata: {name: a}, spec: {}}")) {
      assertThat(PolicyParser.parse(new YAMLMapper().readTree(object)))
          .isInstanceOf(Parsed.Invalid.class);
    }
  }
}
