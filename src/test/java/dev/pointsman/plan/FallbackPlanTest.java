package dev.pointsman.plan;

import static dev.pointsman.plan.PolicySamples.pool;
import static dev.pointsman.plan.PolicySamples.usable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePool;
import dev.pointsman.plan.RulePlan.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The stages of fallbacks, and subsets. */
class FallbackPlanTest {
  private static final String RULE = "httproute/ml/chat/rule/0";
  private static final InferencePool LLAMA = pool("llama");
  private static final InferencePool QWEN = pool("qwen");

  private final List<Diagnostic> diagnostics = new ArrayList<>();

  @Test
  void stagesThatCannotBeAreLeftOutAndSaid() {
    PolicyPlan plan = plan(
        """
        models:
        - {name: a}
        - {name: b, fallback: {to: [{pool: {name: gone}}]}}
        - {name: c}
        """,
        "fallback: {to: [{pool: {name: gone}}, {pool: {name: qwen}, model: qwen-3}], when: [Overloaded]}");
    Fallback own = plan.ofRule().orElseThrow();
    assertThat(own)
        .isEqualTo(new Fallback(
            RULE,
            List.of(new Fallback.Stage(
                new Share(RULE + "/fallback/1", 1, usable(QWEN)), Optional.of("qwen-3"))),
            false,
            true,
            Optional.empty()));
    assertThat(plan.models())
        .extracting(ModelMatch::names)
        .containsExactly(List.of("a", "c"), List.of("b"));
    assertThat(plan.models())
        .extracting(plan::of)
        .containsExactly(Optional.of(own), Optional.empty());
    assertThat(plan.fallbacks()).containsExactly(own);
    assertThat(plan.withoutFallbacks().models())
        .extracting(ModelMatch::names)
        .containsExactly(List.of("a", "c", "b"));
    assertThat(diagnostics)
        .extracting(Diagnostic::field)
        .containsExactly("spec.models[1].fallback.to[0].pool", "spec.fallback.to[0].pool");
  }

  @Test
  void theFirstStageIsNotAskedAgainUnlessOnlySomeOfItsPodsWere() {
    String stage = "fallback: {to: [{pool: {name: llama}}, {pool: {name: qwen}}]}\n";
    assertThat(plan(stage).ofRule().orElseThrow().stages())
        .extracting(one -> one.share().pool())
        .containsExactly(usable(QWEN));
    assertThat(diagnostics).extracting(Diagnostic::reason).containsExactly(Reason.RepeatedStage);

    PolicyPlan canary = plan(stage + "subset: {matchLabels: {track: canary}}");
    assertThat(canary.ofRule().orElseThrow().stages())
        .extracting(one -> one.share().pool())
        .containsExactly(usable(LLAMA), usable(QWEN));
    assertThat(canary.ofRule().orElseThrow().hint()).isEqualTo(canary.subset()).isPresent();
  }

  @Test
  void aSubsetNeedsNoStages() {
    PolicyPlan plan = plan("subset: {matchLabels: {track: canary}}");
    assertThat(plan.subset().orElseThrow().labels()).containsExactly(Map.entry("track", "canary"));
    assertThat(plan.ofRule().orElseThrow().stages()).isEmpty();
    assertThat(plan.withoutFallbacks().ofRule()).isEmpty();
    assertThat(plan.withoutFallbacks().subset()).isPresent();
  }

  private PolicyPlan plan(String... specs) {
    ClusterSnapshot snapshot = new ClusterObjects().add(LLAMA).add(QWEN).snapshot();
    return new PolicyPlanner(snapshot, diagnostics::add)
        .plan(
            RULE,
            List.of(usable(LLAMA)),
            Stream.of(specs).map(PolicySamples::policy).toList());
  }
}
