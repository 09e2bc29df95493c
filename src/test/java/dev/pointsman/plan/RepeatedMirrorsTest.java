package dev.pointsman.plan;

import static dev.pointsman.plan.PolicySamples.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Mirrors to which a rule's requests go anyway. */
class RepeatedMirrorsTest {
  private static final InferencePool LLAMA = pool("llama");
  private static final InferencePool QWEN = pool("qwen");

  private final List<Diagnostic> found = new ArrayList<>();

  @Test
  void aPoolOfTheRuleIsMirroredAllTheSame() {
    assertThat(plan(List.of(LLAMA), "mirrors: [{pool: {name: qwen}}, {pool: {name: llama}}]"))
        .containsExactly("spec.mirrors[1].pool");
  }

  @Test
  void aMirrorTwiceIsNamedOnce() {
    assertThat(plan(
            List.of(LLAMA),
            "mirrors: [{pool: {name: qwen}}, {pool: {name: qwen}, endpointPicker: Skip}]"))
        .containsExactly("spec.mirrors[1].pool");
  }

  @Test
  void aModelsBackendsCount() {
    assertThat(plan(
            List.of(LLAMA),
            "mirrors: [{pool: {name: qwen}}]",
            "models: [{name: a, backends: [{pool: {name: qwen}}]}]"))
        .containsExactly("spec.mirrors[0].pool");
  }

  @Test
  void noShareNoCopyOrAnotherModelIsNone() {
    assertThat(plan(
            List.of(LLAMA),
            "mirrors: [{pool: {name: llama}, percent: 0}, {pool: {name: llama}, model: lora}]"))
        .isEmpty();
    assertThat(plan(List.of(LLAMA), """
            mirrors: [{pool: {name: qwen}}]
            models: [{name: a, backends: [{pool: {name: qwen}, weight: 0}, {pool: {name: llama}}]}]
            """)).isEmpty();
    assertThat(plan(
            List.of(LLAMA), "mirrors: [{pool: {name: qwen}}]", "mirrors: [{pool: {name: llama}}]"))
        .isEmpty();
  }

  private List<String> plan(List<InferencePool> pools, String... specs) {
    found.clear();
    List<InferencePolicy> policies = Stream.of(specs).map(PolicySamples::policy).toList();
    PolicyPlan plan = new PolicyPlanner(
            new ClusterObjects().add(LLAMA).add(QWEN).snapshot(), found::add)
        .plan(
            "httproute/ml/chat/rule/0",
            pools.stream().<PoolBackend>map(PolicySamples::usable).toList(),
            policies);
    long copies = policies.getFirst().mirrors().stream()
        .filter(mirror -> mirror.perMillion() > 0)
        .count();
    assertThat(plan.mirrors()).as("traffic stays as it is").hasSize((int) copies);
    assertThat(found).extracting(Diagnostic::reason).allMatch(Reason.RepeatedMirror::equals);
    return found.stream().map(Diagnostic::field).toList();
  }
}
