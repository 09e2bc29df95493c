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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A rule, its pools and planners. */
abstract class RuleFixture {
  static final String RULE = "httproute/default/models/rule/0";
  static final ObjectRef ROUTE = new ObjectRef("HTTPRoute", "default", "models");
  static final PoolBackend QWEN = pool("qwen-pool");
  static final PoolBackend DEEPSEEK = pool("deepseek-pool");
  static final PoolBackend BROKEN = new InvalidPool(
      List.of(new Diagnostic(Reason.InvalidInferencePool, ROUTE, "spec", "is missing")));

  static void assertSaysThatWeightsAreUnknown(RulePlan plan) {
    assertThat(plan.diagnostics()).singleElement().satisfies(diagnostic -> {
      assertThat(diagnostic.reason()).isEqualTo(Reason.UnknownWeights);
      assertThat(diagnostic.about()).isEqualTo(ROUTE);
      assertThat(diagnostic.message()).contains(RULE).contains("Endpoints hook");
    });
  }

  static RulePlanner planner() {
    return new RulePlanner(_ -> null, _ -> Optional.empty());
  }

  static RulePlanner planner(String cluster, BackendWeight... backends) {
    return new RulePlanner(Map.of(cluster, List.of(backends))::get, _ -> Optional.empty());
  }

  /** The HTTPRoute has a third pool, which does not exist. */
  static final Function<ObjectRef, Optional<HttpRouteRules>> CANARY_MISSING = route(
      ref("InferencePool", "canary-pool", 10),
      ref("InferencePool", "qwen-pool", 80),
      ref("InferencePool", "deepseek-pool", 10));

  static Function<ObjectRef, Optional<HttpRouteRules>> route(BackendRef... refs) {
    HttpRouteRules route =
        new HttpRouteRules("default", "models", "", List.of(new Rule("", List.of(refs))));
    return asked -> asked.equals(ROUTE) ? Optional.of(route) : Optional.empty();
  }

  static BackendRef ref(String kind, String name, int weight) {
    return new BackendRef(PoolRef.V1, kind, "default", name, weight);
  }

  /** Each backend in a cluster of its own, as Envoy Gateway does with weighted clusters. */
  static RulePlanner leftOut(BackendWeight... backends) {
    return leftOut(_ -> Optional.empty(), backends);
  }

  static RulePlanner leftOut(
      Function<ObjectRef, Optional<HttpRouteRules>> routes, BackendWeight... backends) {
    return new RulePlanner(
        Stream.of(backends)
                .collect(
                    Collectors.toMap(backend -> RULE + "/backend/" + backend.index(), List::of))
            ::get,
        routes);
  }

  static BackendWeight empty(int index, long weight) {
    return new BackendWeight(index, weight, true);
  }

  static BackendWeight full(int index, long weight) {
    return new BackendWeight(index, weight, false);
  }

  static PoolBackend pool(String name) {
    PoolRef ref = new PoolRef(PoolRef.V1, "default", name);
    return new ValidPool(ref, AppProtocol.HTTP, Optional.empty(), List.of());
  }
}
