package dev.pointsman.hook;

import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import dev.pointsman.plan.RulePlanner;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.RouteFacts.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The plans of all rules of a translation that name pools. A rule has many routes and one plan. */
final class Plans {
  private final RulePlanner planner;
  private final Map<Key, RulePlan> plans = new LinkedHashMap<>();
  private final SortedMap<String, Target> targets = new TreeMap<>();

  private record Key(Rule rule, List<PoolBackend> pools) {}

  /** A pool cluster to make, and the cluster of Envoy Gateway's that it is made from when it does not exist yet. */
  record Target(String original, Usable pool) {}

  private Plans(Map<String, List<BackendWeight>> weights) {
    planner = new RulePlanner(weights);
  }

  static Plans of(
      List<RouteTable> tables, Map<String, List<BackendWeight>> weights, Diagnostics diagnostics) {
    Plans plans = new Plans(weights);
    for (RouteTable table : tables) {
      for (RouteTable.Host host : table.hosts()) {
        host.routes()
            .forEach(entry -> entry.facts().ifPresent(facts -> plans.add(facts, diagnostics)));
      }
    }
    return plans;
  }

  private void add(RouteFacts facts, Diagnostics diagnostics) {
    facts.pools().forEach(pool -> diagnostics.addAll(pool.diagnostics()));
    key(facts).filter(key -> !plans.containsKey(key)).ifPresent(key -> {
      RulePlan plan = plan(key, facts);
      diagnostics.addAll(plan.diagnostics());
      plans.put(key, plan);
      for (Share share : plan.shares()) {
        if (share.pool() instanceof Usable pool) {
          targets.put(share.cluster(), new Target(original(plan, share), pool));
        }
      }
    });
  }

  /** The plan of the route's rule; empty when it names no pool or has no action that could go to one. */
  Optional<RulePlan> of(RouteFacts facts) {
    return key(facts).map(plans::get);
  }

  /** All shares that can serve, by the name of their cluster. */
  SortedMap<String, Target> targets() {
    return targets;
  }

  /** The pickers that the plans ask, each once. */
  SortedSet<ServicePort> pickers() {
    SortedSet<ServicePort> pickers = new TreeSet<>();
    targets
        .values()
        .forEach(
            target -> target.pool().picker().ifPresent(picker -> pickers.add(picker.service())));
    return pickers;
  }

  private static Optional<Key> key(RouteFacts facts) {
    return facts.pools().isEmpty()
        ? Optional.empty()
        : facts.rule().map(rule -> new Key(rule, facts.pools()));
  }

  private RulePlan plan(Key key, RouteFacts facts) {
    return switch (key.rule()) {
      case Rule.OneCluster(String cluster) -> planner.plan(facts.owner(), cluster, key.pools());
      case Rule.Weighted(String rule, long invalid) ->
        planner.planLeftOut(facts.owner(), rule, key.pools(), invalid);
    };
  }

  private static String original(RulePlan plan, Share share) {
    return switch (plan) {
      case Single _ -> share.cluster();
      case Split split -> split.original();
    };
  }
}
