package dev.pointsman.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Shares of a rule where the Endpoints hook does not tell all of the weights. */
class RulePlannerFallbackTest extends RuleFixture {
  @Nested
  class WhenEnvoyGatewayLeftThePoolsOut {
    @Test
    void theOnlyEmptyBackendIsThePool() {
      RulePlan plan = leftOut(full(0, 30), empty(1, 70))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 0);
      assertThat(plan)
          .isEqualTo(
              new Split(RULE, 0, List.of(new Share(RULE + "/backend/1", 70, QWEN)), List.of()));
    }

    @Test
    void theWeightOfMissingBackendsTellsWhichOfTheEmptyOnesIsThePool() {
      RulePlan plan = leftOut(empty(0, 20), empty(1, 80))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 80);
      assertThat(plan.shares()).containsExactly(new Share(RULE + "/backend/0", 20, QWEN));
    }

    @Test
    void equalWeightsMakeNoDifference() {
      RulePlan plan = leftOut(empty(0, 50), empty(1, 50))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 50);
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(50L);
      assertThat(plan.diagnostics()).isEmpty();
    }

    @Test
    void poolsKeepTheirOrder() {
      RulePlan plan = leftOut(empty(0, 60), empty(1, 15), empty(2, 25))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN, DEEPSEEK), 15);
      assertThat(plan.shares())
          .containsExactly(
              new Share(RULE + "/backend/0", 60, QWEN),
              new Share(RULE + "/backend/2", 25, DEEPSEEK));
    }

    @Test
    void twoWaysToReadTheWeightsAreNoWayAndInvalidBackendsKeepTheirShare() {
      RulePlan plan = leftOut(empty(0, 10), empty(1, 81), empty(2, 10))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN, DEEPSEEK), 10);
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(45L, 46L);
      assertThat(plan.diagnostics())
          .extracting(Diagnostic::reason)
          .containsExactly(Reason.AmbiguousWeights);
    }

    @Test
    void theRouteTellsWhichOfTwoWaysIsRight() {
      RulePlan plan = leftOut(CANARY_MISSING, empty(0, 10), empty(1, 80), empty(2, 10))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN, DEEPSEEK), 10);
      assertThat(plan)
          .isEqualTo(new Split(
              RULE,
              0,
              List.of(
                  new Share(RULE + "/backend/1", 80, QWEN),
                  new Share(RULE + "/backend/2", 10, DEEPSEEK)),
              List.of()));
    }

    @Test
    void aRouteThatContradictsTheReportTellsNothing() {
      RulePlan plan = leftOut(CANARY_MISSING, empty(0, 20), empty(1, 60), empty(2, 20))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN, DEEPSEEK), 20);
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(40L, 40L);
      assertThat(plan.diagnostics())
          .extracting(Diagnostic::reason)
          .containsExactly(Reason.AmbiguousWeights);
    }

    @Test
    void weightsThatDoNotAddUpAreNotUsed() {
      RulePlan plan = leftOut(empty(0, 10), empty(1, 20))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 7);
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(23L);
      assertSaysThatWeightsAreUnknown(plan);
    }

    @Test
    void anotherRulesWeightsAreNotLookedAt() {
      RulePlanner planner = new RulePlanner(
          Map.of(
              RULE + "/backend/0", List.of(empty(0, 5)),
              RULE + "1/backend/0", List.of(empty(0, 7)))::get,
          _ -> Optional.empty());
      assertThat(planner.planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 0).shares())
          .containsExactly(new Share(RULE + "/backend/0", 5, QWEN));
    }

    @Test
    void sixteenBackendsAreDecidedAndMoreAreNot() {
      BackendWeight[] sixteen =
          IntStream.range(0, 16).mapToObj(i -> empty(i, 1L << i)).toArray(BackendWeight[]::new);
      assertThat(leftOut(sixteen)
              .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), (1 << 16) - 1 - 128)
              .shares())
          .containsExactly(new Share(RULE + "/backend/7", 128, QWEN));
      BackendWeight[] more =
          Stream.concat(Stream.of(sixteen), Stream.of(empty(16, 1))).toArray(BackendWeight[]::new);
      assertSaysThatWeightsAreUnknown(
          leftOut(more).planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 5));
    }
  }

  @Nested
  class WithoutTheEndpointsHook {
    @Test
    void poolsGetTheWeightsThatTheirRouteHas() {
      RulePlan plan = written(
              ref("InferencePool", "qwen-pool", 90), ref("InferencePool", "deepseek-pool", 10))
          .plan(ROUTE, RULE, List.of(QWEN, DEEPSEEK));
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(90L, 10L);
      assertThat(plan.diagnostics()).isEmpty();
    }

    @Test
    void otherBackendsKeepTheirs() {
      RulePlan plan = written(
              ref("Service", "legacy", 3),
              ref("InferencePool", "unused", 0),
              ref("InferencePool", "qwen-pool", 7))
          .plan(ROUTE, RULE, List.of(QWEN));
      assertThat(plan)
          .isEqualTo(
              new Split(RULE, 3, List.of(new Share(RULE + "/backend/2", 7, QWEN)), List.of()));
    }

    @Test
    void backendsThatMayHaveHostNamesAreReportedAsUnknown() {
      RulePlan plan = written(ref("InferencePool", "qwen-pool", 7), ref("Backend", "cloud", 3))
          .plan(ROUTE, RULE, List.of(QWEN));
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(7L);
      assertThat(plan.diagnostics())
          .extracting(Diagnostic::reason)
          .containsExactly(Reason.UnknownEndpoints);
      assertThat(written(ref("InferencePool", "qwen-pool", 7), ref("Backend", "unused", 0))
              .plan(ROUTE, RULE, List.of(QWEN))
              .diagnostics())
          .isEmpty();
    }

    @Test
    void poolsThatWereLeftOutAreWeighedToo() {
      RulePlan plan = written(ref("InferencePool", "qwen-pool", 7), ref("Service", "gone", 3))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 0);
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(7L);
    }

    @Test
    void missingPoolsDoNotHideTheWeightsOfTheOthers() {
      RulePlan plan = new RulePlanner(_ -> null, CANARY_MISSING)
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN, DEEPSEEK), 10);
      assertThat(plan.shares())
          .containsExactly(
              new Share(RULE + "/backend/1", 80, QWEN),
              new Share(RULE + "/backend/2", 10, DEEPSEEK));
      assertThat(plan.diagnostics()).isEmpty();
    }

    @Test
    void weightsOfTheRouteThatDoNotFitTheInvalidShareAreNotBelieved() {
      RulePlan plan = new RulePlanner(_ -> null, CANARY_MISSING)
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN, DEEPSEEK), 20);
      assertThat(plan.shares())
          .as("none has less than the invalid backends")
          .extracting(Share::weight)
          .containsExactly(20L, 20L);
      assertSaysThatWeightsAreUnknown(plan);
    }

    @Test
    void anotherRouteThanTheTranslatedOneIsNotBelieved() {
      RulePlan plan = written(
              ref("InferencePool", "qwen-pool", 90), ref("InferencePool", "other", 10))
          .plan(ROUTE, RULE, List.of(QWEN, DEEPSEEK));
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(1L, 1L);
      assertThat(plan.diagnostics())
          .extracting(Diagnostic::reason)
          .containsExactly(Reason.UnknownWeights);
    }

    private static RulePlanner written(BackendRef... refs) {
      return new RulePlanner(_ -> null, route(refs));
    }
  }
}
