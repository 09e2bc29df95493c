package dev.pointsman.translate;

import dev.pointsman.incremental.Memo;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.plan.Fallback.Stage;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import dev.pointsman.translate.RouteGroup.RouteEntry;
import dev.pointsman.xds.PlannedRoute;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.PoolRoutes;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.RouteFacts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The plans of a group of routes, and the resources that they require. */
final class GroupPlan {
  private final RequestMirrors requestMirrors;
  private final List<Optional<Planned>> routes = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final RequiredResources required = new RequiredResources();
  private final Set<String> clusters = new HashSet<>(); // of the routes' shares
  private final Memo<Set<String>, PlannedRoutes> planned;

  /**
   * The plan of a route.
   *
   * @param rule the plan of its rule; empty if it names no pool or has no action that could go to a pool
   * @param policy settings of policies for the rule
   * @param takesLargeBodies whether it may have copies for large bodies
   */
  private record Planned(Optional<RulePlan> rule, PolicyPlan policy, boolean takesLargeBodies) {
    /** The plans of the rule and of the models that policies add. */
    List<RulePlan> plans() {
      List<RulePlan> plans = new ArrayList<>();
      rule.ifPresent(plans::add);
      policy.models().forEach(model -> model.plan().ifPresent(plans::add));
      return plans;
    }

    boolean targetsAny(Set<String> clusters) {
      return Stream.concat(
              plans().stream().flatMap(plan -> plan.shares().stream()),
              policy.fallbacks().flatMap(fallback -> fallback.stages().stream()).map(Stage::share))
          .map(Share::cluster)
          .anyMatch(clusters::contains);
    }
  }

  /** A plan without routes. */
  GroupPlan(RequestMirrors requestMirrors, Reuse reuse) {
    this.requestMirrors = requestMirrors;
    planned = reuse.memo(Places.PLANNED_GROUPS);
  }

  /** Adds a route that is not relevant. */
  void addPassThrough() {
    routes.add(Optional.empty());
  }

  /**
   * Adds a route.
   *
   * @param rule the plan of its rule, if it names pools
   * @param takesLargeBodies whether it may have copies for large bodies
   * @param routeConfiguration the name of the route configuration
   */
  void add(
      RouteFacts facts,
      Optional<RulePlan> rule,
      PolicyPlan policy,
      boolean takesLargeBodies,
      String routeConfiguration) {
    Planned planned = new Planned(rule, policy, takesLargeBodies);
    routes.add(Optional.of(planned));
    diagnostics.addAll(facts.remarks());
    facts.pools().forEach(pool -> diagnostics.addAll(pool.diagnostics()));
    if (!facts.pools().isEmpty() && facts.rule().isEmpty()) {
      diagnostics.add(refused(facts));
    }
    rule.ifPresent(plan -> diagnostics.addAll(plan.diagnostics()));
    if (facts.requestsSession() && !planned.plans().stream().allMatch(PoolRoutes::keepsSessions)) {
      diagnostics.add(noSession(facts));
    }
    String user = facts.owner().namespace();
    for (RulePlan plan : planned.plans()) {
      for (Share share : plan.shares()) {
        clusters.add(share.cluster());
        required.add(user, share, original(plan, share), policy, policy.subset());
      }
    }
    rule.ifPresent(plan -> spare(plan, policy));
    policy
        .fallbacks()
        .forEach(fallback -> fallback.stages().forEach(stage -> {
          clusters.add(stage.share().cluster());
          required.add(user, stage.share(), fallback.original(), policy, Optional.empty());
        }));
    policy
        .mirrors()
        .forEach(mirror -> required.add(user, mirror, routeConfiguration, requestMirrors));
  }

  /** Envoy Gateway's clusters of the rule to which none of its routes goes. */
  private void spare(RulePlan plan, PolicyPlan policy) {
    for (Share share : plan.shares()) {
      if (share.pool() instanceof InvalidPool) {
        required.addSpare(share.cluster(), share, policy);
      }
    }
    if (plan instanceof Split split) {
      if (split.nonPoolWeight() > 0) {
        required.use(split.original());
      } else {
        Share first = split.shares().stream()
            .filter(share -> share.pool() instanceof ValidPool)
            .findFirst()
            .orElse(split.shares().getFirst());
        required.addSpare(split.original(), first, policy);
      }
    }
  }

  private static Diagnostic refused(RouteFacts facts) {
    return new Diagnostic(
        Reason.RuleRefused,
        facts.owner(),
        "",
        "has a rule that does not go to its InferencePools: Envoy Gateway answers it by itself"
            + facts.directAnswer().map(how -> " (" + how + ")").orElse("")
            + ". The reason is a filter of the rule that redirects or answers, a filter that Envoy Gateway refuses, such"
            + " as a RequestMirror to a pool (an InferencePolicy's mirrors may), or a SecurityPolicy,"
            + " EnvoyExtensionPolicy or BackendTrafficPolicy that it refuses: the statuses of the HTTPRoute and of"
            + " its policies say which");
  }

  private static Diagnostic noSession(RouteFacts facts) {
    return new Diagnostic(
        Reason.UnsupportedSession,
        facts.owner(),
        "spec.rules.sessionPersistence",
        "is left out where a rule or a model has an InferencePool and another backend: Envoy keeps sessions"
            + " within one backend only. Clients get no cookie or header; give each pool a rule of its own");
  }

  private static String original(RulePlan plan, Share share) {
    return switch (plan) {
      case Single _ -> share.cluster();
      case Split split -> split.original();
    };
  }

  /**
   * The routes of the group with their plans.
   *
   * @param group the group of this plan
   * @param withEjection the clusters that eject hosts or check their health
   */
  PlannedRoutes routes(RouteGroup group, Set<String> withEjection) {
    // Only the group's own clusters, so that other clusters do not change the cache key.
    Set<String> own = withEjection.isEmpty()
        ? Set.of()
        : clusters.stream().filter(withEjection::contains).collect(Collectors.toUnmodifiableSet());
    return planned.of(own, () -> planned(group, own));
  }

  private PlannedRoutes planned(RouteGroup group, Set<String> withEjection) {
    List<PlannedRoute> all = new ArrayList<>(routes.size());
    for (RouteEntry entry : group.entries()) {
      Optional<Planned> plan = routes.get(all.size());
      all.add(
          plan.isEmpty()
              ? PlannedRoute.passThrough(entry.bytes())
              : new PlannedRoute(
                  entry.bytes(),
                  entry.relevant().map(RelevantRoute::facts),
                  plan.get().rule(),
                  plan.get().policy(),
                  plan.get().targetsAny(withEjection),
                  plan.get().takesLargeBodies()));
    }
    return PlannedRoutes.of(all);
  }

  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  RequiredResources required() {
    return required;
  }
}
