package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A route of a virtual host with its plan.
 *
 * @param facts empty if the route is not relevant
 * @param plan the plan of its rule, if it names pools
 * @param policy the settings of policies for its rule
 * @param canEjectHosts whether the rule's clusters eject hosts or check their health
 * @param takesLargeBodies whether it may have copies for bodies above 4 MB
 */
public record PlannedRoute(
    ByteString bytes,
    Optional<RouteFacts> facts,
    Optional<RulePlan> plan,
    PolicyPlan policy,
    boolean canEjectHosts,
    boolean takesLargeBodies) {
  public PlannedRoute {
    if (facts.isPresent() && (facts.get().rule().isEmpty() || facts.get().isPreflight())) {
      policy = policy.withoutModels(); // it has no backend for them
    }
  }

  /** A route that is not relevant. */
  public static PlannedRoute passThrough(ByteString bytes) {
    return new PlannedRoute(
        bytes, Optional.empty(), Optional.empty(), PolicyPlan.NONE, false, true);
  }

  /** Whether the route, or one that a policy adds before it, has a model condition. */
  boolean hasModels() {
    return hasModelCondition() || !policy.models().isEmpty();
  }

  boolean hasModelCondition() {
    return facts.isPresent() && facts.get().hasModelCondition();
  }

  /** The clusters through which requests of the route, or of one that a policy adds before it, are sent in stages. */
  Stream<StagesCluster> stages() {
    return facts.isEmpty()
        ? Stream.empty()
        : Stream.concat(
                policy.ofRule().stream().map(fallback -> StagesCluster.of(plan, fallback)),
                policy.models().stream()
                    .flatMap(model -> policy.of(model).stream()
                        .map(fallback -> StagesCluster.of(model.plan().or(() -> plan), fallback))))
            .flatMap(Optional::stream);
  }

  /** Whether its requests are routed to a pool, to an invalid one, or to one of a later stage. */
  boolean targetsPool() {
    return facts.isPresent()
        && (plan.isPresent()
            || policy.models().stream().anyMatch(model -> model.plan().isPresent())
            || policy
                .fallbacks()
                .flatMap(fallback -> fallback.stages().stream())
                .anyMatch(stage -> stage.share().pool() instanceof ValidPool));
  }
}
