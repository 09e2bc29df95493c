package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Memo;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.xds.RouteChange;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.RouteFacts;
import java.util.List;
import java.util.function.Supplier;

/** A route that has a model condition, targets a pool or has a policy. */
final class RelevantRoute {
  private final RouteFacts facts;
  private final Memo<List<BackendWeight>, RulePlan> plan;
  private final Memo<RouteChange, Changed> changed;

  RelevantRoute(RouteFacts facts, Reuse reuse) {
    this.facts = facts;
    plan = reuse.memo(Places.RULE_PLANS);
    changed = reuse.memo(Places.REWRITTEN_ROUTES);
  }

  RouteFacts facts() {
    return facts;
  }

  /**
   * The plan of its rule, which depends on the weights alone if they are known.
   *
   * @param weights of the rule's backends
   */
  RulePlan plan(List<BackendWeight> weights, Supplier<RulePlan> planner) {
    return plan.of(weights, planner::get);
  }

  /**
   * The route with a change.
   *
   * @param bytes of the route
   * @throws InvalidProtocolBufferException if the bytes are no route
   */
  Changed changed(ByteString bytes, RouteChange change) throws InvalidProtocolBufferException {
    return changed.of(change, () -> change.apply(bytes));
  }
}
