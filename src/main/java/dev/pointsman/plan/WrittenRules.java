package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.PolicyPrecedence;
import dev.pointsman.model.PolicyPrecedence.TargetKey;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.plan.PoolBackend.ValidPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Plans policies on the rules of HTTPRoutes as they are written, for the diagnostics alone: before a translation, or
 * without one.
 *
 * @param precedence of all policies
 */
public record WrittenRules(ClusterSnapshot snapshot, Map<TargetKey, PolicyPrecedence> precedence) {
  private static final String ROUTE = "HTTPRoute";

  public WrittenRules {
    precedence = Map.copyOf(precedence);
  }

  /**
   * The diagnostics of a policy's references, and of its mirrors and fallbacks on the rules that it reaches, which are
   * for HTTPRoutes alone.
   */
  public SortedSet<Diagnostic> diagnostics(InferencePolicy policy) {
    SortedSet<Diagnostic> found = new TreeSet<>();
    plan(List.of(), List.of(policy), found);
    policy.targets().stream()
        .filter(target -> target.kind().equals(ROUTE) && dependsOnRules(policy))
        .flatMap(target -> snapshot.route(policy.namespace(), target.name()).stream())
        .distinct()
        .forEach(route -> route
            .rules()
            .forEach(rule -> plan(pools(route, rule), upTo(policy, route, rule), found)));
    found.removeIf(one -> !one.about().equals(policy.ref())); // of a more specific policy
    return found;
  }

  private static boolean dependsOnRules(InferencePolicy policy) {
    return !policy.mirrors().isEmpty()
        || policy.fallback().isPresent()
        || policy.models().stream().anyMatch(model -> model.fallback().isPresent());
  }

  private void plan(
      List<PoolBackend> pools, List<InferencePolicy> policies, SortedSet<Diagnostic> found) {
    var _ = new PolicyPlanner(snapshot, found::add).plan("", pools, policies);
  }

  /** The policy after the more specific ones on the rule; none if it has no effect there. */
  private List<InferencePolicy> upTo(InferencePolicy policy, HttpRouteRules route, Rule rule) {
    List<InferencePolicy> policies = new ArrayList<>();
    for (String section : rule.name().isEmpty() ? List.of("") : List.of(rule.name(), "")) {
      Optional<InferencePolicy> winner = Optional.ofNullable(precedence.get(
              new TargetKey(route.namespace(), new Target(ROUTE, route.name(), section))))
          .flatMap(PolicyPrecedence::winner);
      winner.ifPresent(policies::add);
      if (winner.filter(policy::equals).isPresent()) {
        return policies;
      }
    }
    return List.of();
  }

  /** The pools that serve a rule's requests. */
  private List<PoolBackend> pools(HttpRouteRules route, Rule rule) {
    ReferenceGrant.From from =
        new ReferenceGrant.From("gateway.networking.k8s.io", ROUTE, route.namespace());
    return rule.backends().stream()
        .filter(backend -> backend.weight() > 0 && backend.kind().equals("InferencePool"))
        .filter(backend -> snapshot.permits(
            from, backend.namespace(), backend.group(), backend.kind(), backend.name()))
        .map(BackendRef::pool)
        .flatMap(ref -> Optional.ofNullable(snapshot.pools().get(ref)).stream())
        .<PoolBackend>map(pool -> ValidPool.of(pool, List.of()))
        .toList();
  }
}
