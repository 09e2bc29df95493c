package dev.pointsman.hook;

import dev.pointsman.hook.RouteChunk.Deciding;
import dev.pointsman.hook.RouteChunk.Entry;
import dev.pointsman.hook.RouteTable.Host;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlanner;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.RouteFacts.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The plans of all rules of a translation that name pools or have policies. A rule has many routes and one plan. */
final class Plans {
  private final Map<String, List<BackendWeight>> weights;
  private final Function<String, @Nullable List<BackendWeight>> carried;
  private final RulePlanner planner;
  private final RequestMirrors requestMirrors;
  private final RouteChunkPlan nothing;
  private final Map<Rule, Ruled> rules = new HashMap<>();
  private final Map<CachedVirtualHost, List<RouteChunkPlan>> byHost = new IdentityHashMap<>();
  private final RequiredResources required = new RequiredResources();

  private record Ruled(List<PoolBackend> pools, RulePlan plan) {}

  private Plans(Weights weights, ClusterSnapshot snapshot, RequestMirrors requestMirrors) {
    this.weights = weights.told();
    carried = weights.carried();
    planner =
        new RulePlanner(this.weights, route -> snapshot.route(route.namespace(), route.name()));
    this.requestMirrors = requestMirrors;
    nothing = new RouteChunkPlan(requestMirrors);
  }

  /**
   * Where the weights of rules are found.
   *
   * @param told by the Endpoints hook, by cluster; completed with what was asked for
   * @param carried what the cluster of that name carries itself, if it does
   */
  record Weights(
      Map<String, List<BackendWeight>> told,
      Function<String, @Nullable List<BackendWeight>> carried) {}

  /** The policies, and the room for the resources that they add. */
  record Asked(Policies policies, Bounds bounds) {}

  static Plans of(
      List<RouteTable> tables,
      Asked asked,
      Weights weights,
      ClusterSnapshot snapshot,
      RequestMirrors requestMirrors,
      Diagnostics diagnostics) {
    Plans plans = new Plans(weights, snapshot, requestMirrors);
    for (RouteTable table : tables) {
      for (Host given : table.hosts()) {
        given.known().ifPresent(host -> plans.add(host, asked, table.name(), diagnostics));
      }
    }
    diagnostics.addAll(asked.bounds().diagnostics());
    return plans;
  }

  private void add(CachedVirtualHost host, Asked asked, String table, Diagnostics diagnostics) {
    List<RouteChunkPlan> planned = new ArrayList<>(host.chunks().size());
    for (RouteChunk chunk : host.chunks()) {
      RouteChunkPlan plan = plan(chunk, asked, host.shallow(), table);
      diagnostics.addAll(plan.diagnostics());
      required.addAll(plan.required());
      planned.add(plan);
    }
    byHost.put(host, planned);
  }

  private RouteChunkPlan plan(
      RouteChunk chunk, Asked asked, ShallowVirtualHost host, String table) {
    if (!chunk.isRelevant()) {
      return nothing;
    }
    Optional<List<List<BackendWeight>>> deciding =
        chunk.isDecidedByWeights() && !asked.policies().anyOn(host)
            ? told(chunk.poolClusters())
            : Optional.empty();
    return deciding.isEmpty()
        ? make(chunk, asked, host, table)
        : chunk.plan(
            new Deciding(deciding.get(), asked.bounds().cut(chunk.copies())),
            () -> make(chunk, asked, host, table));
  }

  /** The weights of all the clusters; empty when those of one are not known. */
  private Optional<List<List<BackendWeight>>> told(List<String> clusters) {
    List<List<BackendWeight>> told = new ArrayList<>(clusters.size());
    for (String cluster : clusters) {
      List<BackendWeight> weights = told(cluster);
      if (weights == null) {
        return Optional.empty();
      }
      told.add(weights);
    }
    return Optional.of(told);
  }

  private @Nullable List<BackendWeight> told(String cluster) {
    return weights.computeIfAbsent(cluster, carried);
  }

  private RouteChunkPlan make(
      RouteChunk chunk, Asked asked, ShallowVirtualHost host, String table) {
    RouteChunkPlan plan = new RouteChunkPlan(requestMirrors);
    for (Entry entry : chunk.entries()) {
      if (entry.known().isEmpty()) {
        plan.addPassThrough();
      } else {
        CachedRoute route = entry.known().get();
        RouteFacts facts = route.facts();
        PolicyPlan policy = asked.bounds().within(facts, asked.policies().of(facts, host));
        boolean takesLargeBodies = asked.bounds().allowLargeBodies(facts.owner());
        plan.add(facts, plan(route), policy, takesLargeBodies, table);
      }
    }
    return plan;
  }

  private Optional<RulePlan> plan(CachedRoute route) {
    RouteFacts facts = route.facts();
    if (facts.pools().isEmpty() || facts.rule().isEmpty()) {
      return Optional.empty();
    }
    Rule rule = facts.rule().get();
    if (rule instanceof Rule.OneCluster(String cluster)
        && told(cluster) instanceof List<BackendWeight> told) {
      return Optional.of(route.plan(told, () -> plan(rule, facts)));
    }
    Ruled known = rules.get(rule);
    if (known == null || !known.pools().equals(facts.pools())) {
      known = new Ruled(facts.pools(), plan(rule, facts));
      rules.put(rule, known);
    }
    return Optional.of(known.plan());
  }

  private RulePlan plan(Rule rule, RouteFacts facts) {
    return switch (rule) {
      case Rule.OneCluster(String cluster) -> planner.plan(facts.owner(), cluster, facts.pools());
      case Rule.Weighted(String name, long invalid) ->
        planner.planLeftOut(facts.owner(), name, facts.pools(), invalid);
    };
  }

  /** The clusters of the rules that name pools. */
  static Set<String> clusters(List<RouteTable> tables) {
    Set<String> clusters = new HashSet<>();
    for (RouteTable table : tables) {
      for (Host host : table.hosts()) {
        host.known()
            .ifPresent(
                known -> known.chunks().forEach(chunk -> clusters.addAll(chunk.poolClusters())));
      }
    }
    return clusters;
  }

  /** What is planned for each chunk of a host. */
  List<RouteChunkPlan> of(CachedVirtualHost host) {
    return byHost.getOrDefault(host, List.of());
  }

  /** What all plans need to be there. */
  RequiredResources required() {
    return required;
  }
}
