package dev.pointsman.plan;

import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.PoolBackend.ValidPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The weights in the HTTPRoutes of the snapshot, which may have other versions than the ones that are translated. */
record WrittenWeights(Function<ObjectRef, Optional<HttpRouteRules>> routes) {
  /**
   * The weights of a rule's backends; none if the snapshot does not have the rule, or has other pools in it.
   *
   * @param pools the rule's pools according to Envoy Gateway
   */
  List<BackendWeight> of(ObjectRef rule, String cluster, List<PoolBackend> pools) {
    List<BackendRef> refs = refs(rule, cluster);
    List<BackendWeight> weights = weights(refs);
    return areReferences(refs, poolsOf(weights), pools) ? weights : List.of();
  }

  /**
   * The possible weights of a rule's pools, beside which pools of the rule may be missing.
   *
   * @param pools the rule's pools that exist, according to Envoy Gateway
   * @param reported the weights of backends according to Envoy Gateway, as far as they are known
   * @param invalidWeight the weight of the backends that do not exist, according to Envoy Gateway
   */
  List<List<BackendWeight>> fitting(
      ObjectRef rule,
      String cluster,
      List<PoolBackend> pools,
      List<BackendWeight> reported,
      long invalidWeight) {
    List<BackendRef> refs = refs(rule, cluster);
    List<BackendWeight> all = weights(refs);
    List<BackendWeight> ofPools = poolsOf(all);
    long allWeight = BackendWeight.sum(all);
    long poolWeight = BackendWeight.sum(ofPools);
    return Combinations.of(ofPools, pools.size())
        .filter(chosen -> areReferences(refs, chosen, pools))
        .filter(chosen -> {
          long weight = BackendWeight.sum(chosen);
          // the other pools are missing, and Services may be
          return poolWeight - weight <= invalidWeight && invalidWeight <= allWeight - weight;
        })
        .filter(chosen -> chosen.stream().noneMatch(one -> isContradicted(one, reported)))
        .toList();
  }

  private static boolean isContradicted(BackendWeight written, List<BackendWeight> reported) {
    return reported.stream()
        .anyMatch(one -> one.index() == written.index() && !one.equals(written));
  }

  /** Whether one of the rule's backends is of a kind whose endpoints may have host names. */
  boolean mayNameHosts(ObjectRef rule, String cluster) {
    return refs(rule, cluster).stream()
        .anyMatch(ref -> ref.weight() > 0 && ref.kind().equals("Backend"));
  }

  /** The backends of the HTTPRoute's rule; none if the snapshot does not have it. */
  private List<BackendRef> refs(ObjectRef rule, String cluster) {
    OptionalInt number = BackendWeight.ruleNumber(cluster);
    if (!rule.kind().equals("HTTPRoute") || number.isEmpty()) {
      return List.of();
    }
    int index = number.getAsInt();
    return routes
        .apply(rule)
        .filter(route -> index < route.rules().size())
        .map(route -> route.rules().get(index).backends())
        .orElse(List.of());
  }

  private static List<BackendWeight> weights(List<BackendRef> refs) {
    List<BackendWeight> weights = new ArrayList<>();
    for (int i = 0; i < refs.size(); i++) {
      BackendRef ref = refs.get(i);
      if (ref.weight() > 0) { // Envoy Gateway ignores the others
        weights.add(new BackendWeight(i, ref.weight(), ref.kind().equals("InferencePool")));
      }
    }
    return weights;
  }

  private static List<BackendWeight> poolsOf(List<BackendWeight> weights) {
    return weights.stream().filter(BackendWeight::empty).toList();
  }

  private static boolean areReferences(
      List<BackendRef> refs, List<BackendWeight> chosen, List<PoolBackend> pools) {
    return chosen.size() == pools.size()
        && IntStream.range(0, pools.size())
            .allMatch(i -> !(pools.get(i) instanceof ValidPool pool)
                || pool.ref().equals(refs.get(chosen.get(i).index()).pool()));
  }
}
