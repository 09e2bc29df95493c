package dev.pointsman.hook;

import dev.pointsman.hook.RouteTable.Entry;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import dev.pointsman.plan.RulePlanner;
import dev.pointsman.xds.RouteOwner;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The plans of all rules of a translation that name pools. A rule has many routes and one plan. */
final class Plans {
  /** Where Envoy Gateway sends the shares of backends that do not exist. */
  private static final String INVALID_BACKENDS = "invalid-backend-cluster";

  private final RulePlanner planner;
  private final Map<Rule, RulePlan> plans = new LinkedHashMap<>();

  private record Rule(String name, boolean leftOut, List<PoolBackend> pools) {}

  private Plans(Map<String, List<BackendWeight>> weights) {
    planner = new RulePlanner(weights);
  }

  static Plans of(
      List<RouteTable> tables,
      Map<String, List<BackendWeight>> weights,
      TranslationHook.Diagnostics diagnostics) {
    Plans plans = new Plans(weights);
    for (RouteTable table : tables) {
      for (RouteTable.Host host : table.hosts()) {
        host.entries().forEach(entry -> plans.add(entry, diagnostics));
      }
    }
    return plans;
  }

  private void add(Entry entry, TranslationHook.Diagnostics diagnostics) {
    entry.pools().forEach(pool -> diagnostics.addAll(pool.diagnostics()));
    rule(entry).ifPresent(rule -> {
      RulePlan plan = plans.computeIfAbsent(rule, _ -> plan(rule, entry.route().orElseThrow()));
      diagnostics.addAll(plan.diagnostics());
    });
  }

  /** The plan of the entry's rule; empty when it names no pool or has no action that could go to one. */
  Optional<RulePlan> of(Entry entry) {
    return rule(entry).map(plans::get);
  }

  /** All shares that can serve, by the name of their cluster, each with the cluster that it is made from. */
  Map<String, Target> targets() {
    Map<String, Target> targets = new TreeMap<>();
    for (RulePlan plan : plans.values()) {
      for (Share share : shares(plan)) {
        if (share.pool() instanceof Usable pool) {
          targets.put(share.cluster(), new Target(original(plan, share), pool));
        }
      }
    }
    return targets;
  }

  /** A pool cluster to make. */
  record Target(String original, Usable pool) {}

  /** The pickers that the plans ask, each once. */
  Collection<ServicePort> pickers() {
    SortedSet<ServicePort> pickers = new TreeSet<>();
    targets()
        .values()
        .forEach(
            target -> target.pool().picker().ifPresent(picker -> pickers.add(picker.service())));
    return pickers;
  }

  static List<Share> shares(RulePlan plan) {
    return switch (plan) {
      case Single(Share share, List<?> _) -> List.of(share);
      case Split split -> split.shares();
    };
  }

  private static String original(RulePlan plan, Share share) {
    return switch (plan) {
      case Single _ -> share.cluster();
      case Split split -> split.original();
    };
  }

  private RulePlan plan(Rule rule, Route route) {
    return rule.leftOut()
        ? planner.planLeftOut(RouteOwner.of(route), rule.name(), rule.pools(), invalidWeight(route))
        : planner.plan(RouteOwner.of(route), rule.name(), rule.pools());
  }

  private static Optional<Rule> rule(Entry entry) {
    if (entry.pools().isEmpty()) {
      return Optional.empty();
    }
    Route route = entry.route().orElseThrow();
    return switch (route.getRoute().getClusterSpecifierCase()) {
      case CLUSTER -> Optional.of(new Rule(route.getRoute().getCluster(), false, entry.pools()));
      case WEIGHTED_CLUSTERS -> Optional.of(new Rule(ruleName(route), true, entry.pools()));
      case CLUSTER_HEADER,
          CLUSTER_SPECIFIER_PLUGIN,
          INLINE_CLUSTER_SPECIFIER_PLUGIN,
          CLUSTERSPECIFIER_NOT_SET -> Optional.empty();
    };
  }

  /** Envoy Gateway names routes {@code <rule>/match/<i>/<host>} and clusters {@code <rule>[/backend/<j>]}. */
  private static String ruleName(Route route) {
    int match = route.getName().indexOf("/match/");
    return match < 0 ? route.getName() : route.getName().substring(0, match);
  }

  private static long invalidWeight(Route route) {
    return route.getRoute().getWeightedClusters().getClustersList().stream()
        .filter(cluster -> cluster.getName().equals(INVALID_BACKENDS))
        .map(ClusterWeight::getWeight)
        .mapToLong(weight -> Integer.toUnsignedLong(weight.getValue()))
        .sum();
  }
}
