package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic.Reason;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Policies that are larger than the bounds. */
class PolicySizeTest extends PolicyFixture {
  @Test
  void modelsAboveTheBoundAreTooLargeAndTheRestHasEffect() {
    String models = IntStream.range(0, 200)
        .mapToObj(i -> "{name: \"" + "x".repeat(200) + i + "\"}")
        .collect(Collectors.joining(", ", "[", "]"));
    Parsed<InferencePolicy> parsed = PolicyParser.parse(large("models: " + models));
    assertThat(((Parsed.Valid<InferencePolicy>) parsed).remarks())
        .singleElement()
        .satisfies(diagnostic -> {
          assertThat(diagnostic.reason()).isEqualTo(Reason.TooLarge);
          assertThat(diagnostic.field()).isEqualTo("spec.models");
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
}
