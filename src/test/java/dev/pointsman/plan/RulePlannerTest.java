package dev.pointsman.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which share of a rule's requests each backend gets. */
class RulePlannerTest {
  private static final String RULE = "httproute/default/models/rule/0";
  private static final ObjectRef ROUTE = new ObjectRef("HTTPRoute", "default", "models");
  private static final PoolBackend QWEN = pool("qwen-pool");
  private static final PoolBackend DEEPSEEK = pool("deepseek-pool");
  private static final PoolBackend BROKEN = new InvalidPool(
      List.of(new Diagnostic(Reason.InvalidInferencePool, ROUTE, "spec", "is missing")));

  @Test
  void theOnlyPoolGetsEverything() {
    RulePlan plan = planner(RULE, empty(0, 1)).plan(ROUTE, RULE, List.of(QWEN));
    assertThat(plan).isEqualTo(new Single(new Share(RULE, 1, QWEN), List.of()));
  }

  @Test
  void theOnlyPoolGetsEverythingWhateverItsWeight() {
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
  void withoutWeightsPoolsShareEvenlyAndItIsSaid() {
    RulePlan plan = planner().plan(ROUTE, RULE, List.of(QWEN, DEEPSEEK));
    assertThat(plan.shares()).extracting(Share::weight).containsExactly(1L, 1L);
    assertSaysThatWeightsAreUnknown(plan);
  }

  @Test
  void withoutWeightsTheOnlyPoolGetsEverythingAndItIsSaid() {
    RulePlan plan = planner().plan(ROUTE, RULE, List.of(QWEN)); // a Service beside it would be lost
    assertThat(plan).isInstanceOf(Single.class);
    assertSaysThatWeightsAreUnknown(plan);
  }

  @Test
  void aSiblingThatLooksLikeAPoolMakesTheSharesUnknown() {
    RulePlan plan = planner(RULE, empty(0, 80), empty(1, 20)).plan(ROUTE, RULE, List.of(QWEN));
    assertThat(plan.shares()).extracting(Share::weight).containsExactly(1L);
    assertSaysThatWeightsAreUnknown(plan);
  }

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
    void twoWaysToReadTheWeightsAreNoWay() {
      RulePlan plan = leftOut(empty(0, 10), empty(1, 20), empty(2, 10), empty(3, 20))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN, DEEPSEEK), 30);
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(1L, 1L);
      assertSaysThatWeightsAreUnknown(plan);
    }

    @Test
    void weightsThatDoNotAddUpAreNotUsed() {
      RulePlan plan = leftOut(empty(0, 10), empty(1, 20))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 7);
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

  private static void assertSaysThatWeightsAreUnknown(RulePlan plan) {
    assertThat(plan.diagnostics()).singleElement().satisfies(said -> {
      assertThat(said.reason()).isEqualTo(Reason.UnknownWeights);
      assertThat(said.about()).isEqualTo(ROUTE);
      assertThat(said.message()).contains(RULE).contains("Endpoints hook");
    });
  }

  @Nested
  class WithoutTheEndpointsHook {
    @Test
    void poolsGetTheWeightsThatTheirRouteHas() {
      RulePlan plan = plannerWithHttpRoute(
              ref("InferencePool", "qwen-pool", 90), ref("InferencePool", "deepseek-pool", 10))
          .plan(ROUTE, RULE, List.of(QWEN, DEEPSEEK));
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(90L, 10L);
      assertThat(plan.diagnostics()).isEmpty();
    }

    @Test
    void otherBackendsKeepTheirs() {
      RulePlan plan = plannerWithHttpRoute(
              ref("Service", "legacy", 3),
              ref("InferencePool", "unused", 0),
              ref("InferencePool", "qwen-pool", 7))
          .plan(ROUTE, RULE, List.of(QWEN));
      assertThat(plan)
          .isEqualTo(
              new Split(RULE, 3, List.of(new Share(RULE + "/backend/2", 7, QWEN)), List.of()));
    }

    @Test
    void backendsThatMayHaveHostNamesAreSaidToBeUnknown() {
      RulePlan plan = plannerWithHttpRoute(
              ref("InferencePool", "qwen-pool", 7), ref("Backend", "cloud", 3))
          .plan(ROUTE, RULE, List.of(QWEN));
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(7L);
      assertThat(plan.diagnostics())
          .extracting(Diagnostic::reason)
          .containsExactly(Reason.UnknownEndpoints);
      assertThat(plannerWithHttpRoute(
                  ref("InferencePool", "qwen-pool", 7), ref("Backend", "unused", 0))
              .plan(ROUTE, RULE, List.of(QWEN))
              .diagnostics())
          .isEmpty();
    }

    @Test
    void poolsThatWereLeftOutAreWeighedToo() {
      RulePlan plan = plannerWithHttpRoute(
              ref("InferencePool", "qwen-pool", 7), ref("Service", "gone", 3))
          .planFromWeightedClusters(ROUTE, RULE, List.of(QWEN), 0);
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(7L);
    }

    @Test
    void anotherRouteThanTheTranslatedOneIsNotBelieved() {
      RulePlan plan = plannerWithHttpRoute(
              ref("InferencePool", "qwen-pool", 90), ref("InferencePool", "other", 10))
          .plan(ROUTE, RULE, List.of(QWEN, DEEPSEEK));
      assertThat(plan.shares()).extracting(Share::weight).containsExactly(1L, 1L);
      assertThat(plan.diagnostics())
          .extracting(Diagnostic::reason)
          .containsExactly(Reason.UnknownWeights);
    }

    private static RulePlanner plannerWithHttpRoute(BackendRef... refs) {
      HttpRouteRules route =
          new HttpRouteRules("default", "models", "", List.of(new Rule("", List.of(refs))));
      return new RulePlanner(
          _ -> null, asked -> asked.equals(ROUTE) ? Optional.of(route) : Optional.empty());
    }

    private static BackendRef ref(String kind, String name, int weight) {
      return new BackendRef(PoolRef.V1, kind, "default", name, weight);
    }
  }

  private static RulePlanner planner() {
    return new RulePlanner(_ -> null, _ -> Optional.empty());
  }

  private static RulePlanner planner(String cluster, BackendWeight... backends) {
    return new RulePlanner(Map.of(cluster, List.of(backends))::get, _ -> Optional.empty());
  }

  /** Each backend in a cluster of its own, as Envoy Gateway does with weighted clusters. */
  private static RulePlanner leftOut(BackendWeight... backends) {
    return new RulePlanner(
        Stream.of(backends)
                .collect(
                    Collectors.toMap(backend -> RULE + "/backend/" + backend.index(), List::of))
            ::get,
        _ -> Optional.empty());
  }

  private static BackendWeight empty(int index, long weight) {
    return new BackendWeight(index, weight, true);
  }

  private static BackendWeight full(int index, long weight) {
    return new BackendWeight(index, weight, false);
  }

  private static PoolBackend pool(String name) {
    PoolRef ref = new PoolRef(PoolRef.V1, "default", name);
    return new ValidPool(ref, AppProtocol.HTTP, Optional.empty(), List.of());
  }
}
