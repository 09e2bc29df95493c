package dev.pointsman.translate;

import dev.pointsman.incremental.Reuse;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.ClusterReads.RouteBackends;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlanner;
import dev.pointsman.plan.RulePlanner.Weights;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.translate.RouteGroup.PlanInputs;
import dev.pointsman.translate.RouteGroup.RouteEntry;
import dev.pointsman.translate.RouteTable.Host;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.RouteFacts.RuleClusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The plans of all rules of a translation that name pools or have policies. A rule has many routes and one plan. */
final class RulePlans {
  private final Weights weights;
  private final RulePlanner planner;
  private final PlanSettings settings;
  private final GroupPlan nothing;
  private final Map<RuleClusters, PlannedRule> rules = new HashMap<>();
  private final Map<HostRoutes, List<GroupPlan>> byHost = new IdentityHashMap<>();
  private final RequiredResources required = new RequiredResources();

  private record PlannedRule(List<PoolBackend> pools, RulePlan plan) {}

  /**
   * Settings for the plans of all rules.
   *
   * @param bounds the limits for resources that policies add
   */
  record PlanSettings(Policies policies, Bounds bounds, RequestMirrors mirrors, Reuse reuse) {}

  private RulePlans(Weights weights, ClusterReads reads, PlanSettings settings) {
    this.weights = weights;
    this.settings = settings;
    planner = new RulePlanner(weights, route -> reads.of(new RouteBackends(route)));
    nothing = new GroupPlan(settings.mirrors(), settings.reuse());
  }

  static RulePlans of(
      List<RouteTable> tables,
      PlanSettings settings,
      Weights weights,
      ClusterReads reads,
      Diagnostics diagnostics) {
    RulePlans plans = new RulePlans(weights, reads, settings);
    for (RouteTable table : tables) {
      for (Host given : table.hosts()) {
        given.relevant().ifPresent(host -> plans.add(host, table.name(), diagnostics));
      }
    }
    diagnostics.addAll(settings.bounds().diagnostics());
    diagnostics.addAll(plans.required.disputes());
    return plans;
  }

  private void add(HostRoutes host, String table, Diagnostics diagnostics) {
    List<GroupPlan> planned = new ArrayList<>(host.groups().size());
    for (RouteGroup group : host.groups()) {
      GroupPlan plan = plan(group, host.shallow(), table);
      diagnostics.addAll(plan.diagnostics());
      required.addAll(plan.required());
      planned.add(plan);
    }
    byHost.put(host, planned);
  }

  private GroupPlan plan(RouteGroup group, ShallowVirtualHost host, String table) {
    if (!group.isRelevant()) {
      return nothing;
    }
    Optional<List<List<BackendWeight>>> deciding =
        group.summary().isPlannedByWeights() && !settings.policies().anyOn(host)
            ? weights(group.summary().poolClusters())
            : Optional.empty();
    return deciding.isEmpty()
        ? planAll(group, host, table)
        : group.plan(
            new PlanInputs(deciding.get(), settings.bounds().cut(group.summary().copies())),
            () -> planAll(group, host, table));
  }

  /** The weights of all the clusters; empty if those of one are not known. */
  private Optional<List<List<BackendWeight>>> weights(List<String> clusters) {
    List<List<BackendWeight>> all = new ArrayList<>(clusters.size());
    for (String cluster : clusters) {
      List<BackendWeight> reported = weights.of(cluster);
      if (reported == null) {
        return Optional.empty();
      }
      all.add(reported);
    }
    return Optional.of(all);
  }

  private GroupPlan planAll(RouteGroup group, ShallowVirtualHost host, String table) {
    GroupPlan plan = new GroupPlan(settings.mirrors(), settings.reuse());
    for (RouteEntry entry : group.entries()) {
      if (entry.relevant().isEmpty()) {
        plan.addPassThrough();
        continue;
      }
      RelevantRoute route = entry.relevant().get();
      RouteFacts facts = route.facts();
      PolicyPlan policy = settings.bounds().within(facts, settings.policies().of(facts, host));
      plan.add(
          facts, plan(route), policy, settings.bounds().allowLargeBodies(facts.owner()), table);
    }
    return plan;
  }

  private Optional<RulePlan> plan(RelevantRoute route) {
    RouteFacts facts = route.facts();
    if (facts.pools().isEmpty() || facts.rule().isEmpty()) {
      return Optional.empty();
    }
    RuleClusters rule = facts.rule().get();
    if (rule instanceof RuleClusters.OneCluster(String cluster)
        && weights.of(cluster) instanceof List<BackendWeight> reported) {
      return Optional.of(route.plan(reported, () -> plan(rule, facts)));
    }
    PlannedRule planned = rules.get(rule);
    if (planned == null || !planned.pools().equals(facts.pools())) {
      planned = new PlannedRule(facts.pools(), plan(rule, facts));
      rules.put(rule, planned);
    }
    return Optional.of(planned.plan());
  }

  private RulePlan plan(RuleClusters rule, RouteFacts facts) {
    return switch (rule) {
      case RuleClusters.OneCluster(String cluster) ->
        planner.plan(facts.owner(), cluster, facts.pools());
      case RuleClusters.Weighted(String name, long invalid, Optional<String> _) ->
        planner.planFromWeightedClusters(facts.owner(), name, facts.pools(), invalid);
    };
  }

  /** The clusters of the rules that name pools. */
  static Set<String> clusters(List<RouteTable> tables) {
    return RouteTable.relevantHosts(tables)
        .flatMap(host -> host.groups().stream())
        .flatMap(group -> group.summary().poolClusters().stream())
        .collect(Collectors.toSet());
  }

  /** The plan of each group of a host. */
  List<GroupPlan> of(HostRoutes host) {
    return byHost.getOrDefault(host, List.of());
  }

  RequiredResources required() {
    return required;
  }
}
