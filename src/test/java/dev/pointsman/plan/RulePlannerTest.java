package dev.pointsman.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shares of a rule with the weights of the Endpoints hook. */
class RulePlannerTest extends RuleFixture {
  @Test
  void theOnlyPoolGetsEverything() {
    RulePlan plan = planner(RULE, empty(0, 1)).plan(ROUTE, RULE, List.of(QWEN));
    assertThat(plan).isEqualTo(new Single(new Share(RULE, 1, QWEN), List.of()));
  }

  @Test
  void theOnlyPoolGetsEverythingWithAnyWeight() {
    assertThat(planner(RULE, empty(0, 37)).plan(ROUTE, RULE, List.of(QWEN)))
        .isInstanceOf(Single.class);
  }

  @Test
  void twoPoolsGetTheirWeights() {
    RulePlan plan =
        planner(RULE, empty(0, 90), empty(1, 10)).plan(ROUTE, RULE, List.of(QWEN, DEEPSEEK));
    assertThat(plan)
        .isEqualTo(new Split(
            RULE,
            0,
            List.of(
                new Share(RULE + "/backend/0", 90, QWEN),
                new Share(RULE + "/backend/1", 10, DEEPSEEK)),
            List.of()));
  }

  @Test
  void aPoolTwiceInARuleHasTwoShares() {
    RulePlan plan = planner(RULE, empty(0, 3), empty(1, 1)).plan(ROUTE, RULE, List.of(QWEN, QWEN));
    assertThat(plan.shares()).extracting(Share::weight).containsExactly(3L, 1L);
  }

  @Test
  void servicesKeepTheRuleOwnClusterAndTheirWeights() {
    RulePlan plan =
        planner(RULE, full(0, 10), empty(1, 70), full(2, 20)).plan(ROUTE, RULE, List.of(QWEN));
    assertThat(plan)
        .isEqualTo(
            new Split(RULE, 30, List.of(new Share(RULE + "/backend/1", 70, QWEN)), List.of()));
  }

  @Test
  void aBrokenPoolKeepsItsShareAndSaysWhatIsWrong() {
    RulePlan plan =
        planner(RULE, empty(0, 1), empty(1, 3)).plan(ROUTE, RULE, List.of(BROKEN, QWEN));
    assertThat(plan.shares()).extracting(Share::pool).containsExactly(BROKEN, QWEN);
    assertThat(plan.diagnostics()).isEqualTo(BROKEN.diagnostics());
  }

  @Test
  void withoutWeightsPoolsShareEvenlyAndItIsReported() {
    RulePlan plan = planner().plan(ROUTE, RULE, List.of(QWEN, DEEPSEEK));
    assertThat(plan.shares()).extracting(Share::weight).containsExactly(1L, 1L);
    assertSaysThatWeightsAreUnknown(plan);
  }

  @Test
  void withoutWeightsTheOnlyPoolGetsEverythingAndItIsReported() {
    RulePlan plan = planner().plan(ROUTE, RULE, List.of(QWEN)); // a Service beside it would be lost
    assertThat(plan).isInstanceOf(Single.class);
    assertSaysThatWeightsAreUnknown(plan);
  }

  @Test
  void aSiblingThatLooksLikeAPoolMakesTheSharesUnknown() {
    RulePlan plan = planner(RULE, empty(0, 80), empty(1, 20)).plan(ROUTE, RULE, List.of(QWEN));
    assertThat(plan.shares()).extracting(Share::weight).containsExactly(1L);
    assertThat(plan.diagnostics())
        .extracting(Diagnostic::reason)
        .containsExactly(Reason.AmbiguousWeights);
  }

  @Test
  void theIndexOfABackendIsAfterTheRuleWhateverTheRouteIsCalled() {
    assertThat(BackendWeight.index("httproute/backend/1/rule/0/backend/2")).hasValue(2);
    assertThat(BackendWeight.index("httproute/backend/1/rule/0/backend/2/listener/http"))
        .hasValue(2);
    assertThat(BackendWeight.listenerSuffix("httproute/backend/1/rule/0/backend/2/listener/http"))
        .isEqualTo("/listener/http");
    assertThat(BackendWeight.index("httproute/backend/1/rule/0")).isEmpty();
  }
}
