package dev.pointsman.hook;

import dev.pointsman.hook.RouteChunk.Entry;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
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

/** What is planned for the routes of a chunk, and what the plans need to be there. */
final class RouteChunkPlan {
  private final RequestMirrors requestMirrors;
  private final List<Optional<Planned>> routes = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final RequiredResources required = new RequiredResources();
  private final Set<String> clusters = new HashSet<>(); // that the routes go to
  /** By those of the clusters that may set hosts aside. */
  private final LastValueMemo<Set<String>, PlannedRoutes> slots = new LastValueMemo<>();

  /**
   * What becomes of a route.
   *
   * @param rule the plan of its rule; empty when it names no pool or has no action that could go to one
   * @param policy what policies ask of the rule
   * @param takesLargeBodies whether it may have copies for large bodies
   */
  private record Planned(Optional<RulePlan> rule, PolicyPlan policy, boolean takesLargeBodies) {
    /** The rule's plan and those of the models that policies put in front of it. */
    List<RulePlan> plans() {
      List<RulePlan> plans = new ArrayList<>();
      rule.ifPresent(plans::add);
      policy.models().forEach(model -> model.plan().ifPresent(plans::add));
      return plans;
    }

    boolean goesToAny(Set<String> clusters) {
      return plans().stream()
          .flatMap(plan -> plan.shares().stream())
          .map(Share::cluster)
          .anyMatch(clusters::contains);
    }
  }

  /** A plan for no route yet. */
  RouteChunkPlan(RequestMirrors requestMirrors) {
    this.requestMirrors = requestMirrors;
  }

  /** Adds a route that does not isRelevant us. */
  void addPassThrough() {
    routes.add(Optional.empty());
  }

  /**
   * Adds a route.
   *
   * @param rule the plan of its rule, if it names pools
   * @param takesLargeBodies whether it may have copies for large bodies
   * @param routeConfiguration its name
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
    if (facts.wantsSession() && !planned.plans().stream().allMatch(PoolRoutes::keepsSessions)) {
      diagnostics.add(noSession(facts));
    }
    for (RulePlan plan : planned.plans()) {
      for (Share share : plan.shares()) {
        clusters.add(share.cluster());
        required.add(share, original(plan, share), policy);
      }
    }
    policy.mirrors().forEach(mirror -> required.add(mirror, routeConfiguration, requestMirrors));
  }

  private static Diagnostic refused(RouteFacts facts) {
    return new Diagnostic(
        Reason.RuleRefused,
        facts.owner(),
        "",
        "has a rule that does not go to its InferencePools: Envoy Gateway answers it by itself"
            + facts.byItself().map(how -> " (" + how + ")").orElse("")
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
   * The chunk's routes with their plans.
   *
   * @param chunk the one that this is the plan of
   * @param clustersWithEjection the clusters that may set hosts aside while they run
   */
  PlannedRoutes slots(RouteChunk chunk, Set<String> clustersWithEjection) {
    // Its own alone: those of other routes make no difference.
    Set<String> own = clustersWithEjection.isEmpty()
        ? Set.of()
        : clusters.stream()
            .filter(clustersWithEjection::contains)
            .collect(Collectors.toUnmodifiableSet());
    return slots.of(own, () -> make(chunk, own));
  }

  private PlannedRoutes make(RouteChunk chunk, Set<String> clustersWithEjection) {
    List<PlannedRoute> made = new ArrayList<>(routes.size());
    for (Entry entry : chunk.entries()) {
      Optional<Planned> planned = routes.get(made.size());
      made.add(
          planned.isEmpty()
              ? PlannedRoute.passThrough(entry.bytes())
              : new PlannedRoute(
                  entry.bytes(),
                  entry.known().map(CachedRoute::facts),
                  planned.get().rule(),
                  planned.get().policy(),
                  planned.get().goesToAny(clustersWithEjection),
                  planned.get().takesLargeBodies()));
    }
    return PlannedRoutes.of(made);
  }

  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** What the plans need to be there. */
  RequiredResources required() {
    return required;
  }
}
