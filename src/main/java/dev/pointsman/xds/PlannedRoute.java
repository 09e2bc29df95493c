package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.RulePlan;
import java.util.Optional;

/**
 * A route of a virtual host.
 *
 * @param facts what we know of it; empty when it neither asks for a model nor goes to a pool
 * @param plan the plan of its rule, when it names pools
 * @param policy what policies ask of its rule
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
      policy = policy.withoutModels(); // it has nowhere to send them
    }
  }

  /** A route of which there is nothing to know. */
  public static PlannedRoute passThrough(ByteString bytes) {
    return new PlannedRoute(
        bytes, Optional.empty(), Optional.empty(), PolicyPlan.NONE, false, true);
  }

  /** Whether the route, or one that a policy puts in front of it, asks for a model. */
  boolean hasModels() {
    return hasModelCondition() || !policy.models().isEmpty();
  }

  boolean hasModelCondition() {
    return facts.isPresent() && facts.get().hasModelCondition();
  }

  /** Whether requests go from here to a pool, or to one of its shares that cannot serve. */
  boolean goesToPool() {
    return facts.isPresent()
        && (plan.isPresent()
            || policy.models().stream().anyMatch(model -> model.plan().isPresent()));
  }
}
