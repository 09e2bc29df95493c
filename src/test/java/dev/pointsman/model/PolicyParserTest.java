package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.Backend;
import dev.pointsman.model.InferencePolicy.Explain;
import dev.pointsman.model.InferencePolicy.ExplainClaim;
import dev.pointsman.model.InferencePolicy.FairnessSource;
import dev.pointsman.model.InferencePolicy.FallbackSpec;
import dev.pointsman.model.InferencePolicy.Identity;
import dev.pointsman.model.InferencePolicy.MirrorSpec;
import dev.pointsman.model.InferencePolicy.ModelSpec;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.model.InferencePolicy.StageSpec;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.ModelSettings.OnUnknown;
import dev.pointsman.model.ModelSettings.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Valid InferencePolicies, and the messages for invalid ones. */
class PolicyParserTest extends PolicyFixture {
  static Stream<PolicySample> valid() {
    return PolicySample.in("valid");
  }

  static Stream<PolicySample> invalid() {
    return PolicySample.in("invalid");
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
                        new Backend(pool(PoolRef.V1, "ml", "qwen"), 90, Optional.empty()),
                        new Backend(
                            pool(PoolRef.V1ALPHA2, "canary", "qwen-next"), 10, Optional.empty())),
                    Optional.empty()),
                new ModelSpec(
                    "gpt",
                    List.of(),
                    List.of(
                        new Backend(service("egress", "openai", 443), 1, Optional.of("gpt-5")),
                        new Backend(service("ml", "local", 80), 0, Optional.empty())),
                    Optional.of(new FallbackSpec(
                        List.of(
                            new StageSpec(
                                pool(PoolRef.V1ALPHA2, "canary", "gpt"), Optional.of("gpt-oss")),
                            new StageSpec(service("egress", "openai", 8443), Optional.empty())),
                        false,
                        true))),
                new ModelSpec("llama", List.of("llama-lora"), List.of(), Optional.empty())),
            true,
            List.of(
                new MirrorSpec(
                    pool(PoolRef.V1, "ml", "qwen-shadow"), 1_000_000, true, Optional.empty()),
                new MirrorSpec(
                    pool(PoolRef.V1ALPHA2, "canary", "qwen-shadow-2"),
                    5_000,
                    false,
                    Optional.of("qwen-2")),
                new MirrorSpec(service("egress", "recorder", 8080), 1, false, Optional.empty())),
            Optional.of(new OutlierDetection(7, 0, 90_000, 250, 100)),
            Optional.of(new PickerSpec(
                Optional.of(FailureMode.FAIL_OPEN),
                OptionalLong.of(120_000),
                OptionalInt.of(5000),
                new TlsSpec.Verify(
                    List.of(
                        new CertificateRef("ConfigMap", "picker-ca"),
                        new CertificateRef("Secret", "picker-ca-2")),
                    "epp.ml.svc"),
                Optional.of(new PickerHealth(9003, "inference-extension")),
                PickerEnd.AFTER_REQUEST)),
            Optional.of(new UpstreamTlsSpec(
                new TlsSpec.Verify(List.of(new CertificateRef("Secret", "pods-ca")), "qwen.ml.svc"),
                Optional.of(new CertificateRef("Secret", "gateway-client")))),
            Optional.of(true),
            Optional.of(new Identity(
                Optional.of(new FairnessSource.FromHeader("x-user")), Optional.empty(), false)),
            Optional.of(new Explain(Optional.of("ab".repeat(32)), Optional.empty())),
            Optional.of(new FallbackSpec(
                List.of(
                    new StageSpec(service("egress", "openai", 443), Optional.of("gpt-mini")),
                    new StageSpec(pool(PoolRef.V1ALPHA2, "canary", "qwen-next"), Optional.empty())),
                true,
                true)),
            Optional.of(new Subset(
                "ml", new TreeMap<>(Map.of("track", "canary", "example.com/zone", ""))))));
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
            Optional.of(true),
            Optional.of(Set.of(Source.BODY, Source.FORM, Source.QUERY, Source.PATH))));
    assertThat(policy.outlierDetection()).contains(OutlierDetection.DEFAULT);
    assertThat(policy.countsTokens()).contains(false);
    assertThat(policy.identity())
        .contains(new Identity(
            Optional.of(new FairnessSource.FromClaim("example", "https://example.com/tenant")),
            Optional.of("batch"),
            true));
    assertThat(policy.explain())
        .contains(new Explain(
            Optional.empty(), Optional.of(new ExplainClaim("example", "groups", "on call"))));
    assertThat(policy.endpointPicker().orElseThrow().tls()).isEqualTo(new TlsSpec.Plaintext());
  }

  @Test
  void hasDefaults() {
    InferencePolicy policy = policy(PolicySample.valid("defaults").node());
    assertThat(policy.namespace()).isEqualTo("default");
    assertThat(policy.created()).isEmpty();
    assertThat(policy.model())
        .contains(new ModelSettings(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OnUnknown.NOT_FOUND,
            Optional.empty(),
            Optional.empty()));
    assertThat(policy.endpointPicker())
        .contains(new PickerSpec(
            Optional.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            new TlsSpec.SkipVerify(),
            Optional.empty(),
            PickerEnd.AFTER_RESPONSE));
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
                + " name sets X-Gateway-Model-Name (PM0008 InvalidPolicy)");
  }

  @Test
  void aMisspelledFieldIsPassedOverAndSaid() {
    Parsed<InferencePolicy> parsed =
        PolicyParser.parse(onRoute("mirrors: [{pool: {name: a, nmae: b}, percnt: 1}]\nmodell: {}"));
    assertThat(parsed).isInstanceOf(Parsed.Valid.class);
    assertThat(((Parsed.Valid<InferencePolicy>) parsed).remarks())
        .extracting(Diagnostic::toString)
        .containsExactlyInAnyOrder(
            "InferencePolicy ml/p spec.modell: is not a field of it and is passed over (PM0008 InvalidPolicy)",
            "InferencePolicy ml/p spec.mirrors[0].percnt: is not a field of it and is passed over (PM0008 InvalidPolicy)",
            "InferencePolicy ml/p spec.mirrors[0].pool.nmae: is not a field of it and is passed over (PM0008 InvalidPolicy)");
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
        "fallback: []",
        "fallback: {to: x}",
        "fallback: {to: [5]}",
        "fallback: {to: [{pool: {name: a}, model: 5}]}",
        "fallback: {to: [{pool: {name: a}}], when: Overloaded}",
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
