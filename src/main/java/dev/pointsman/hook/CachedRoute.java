package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.xds.RouteChange;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.RouteFacts;
import java.util.List;
import java.util.function.Supplier;

/** A route that concerns us, and what became of it the last time. */
final class CachedRoute {
  private final RouteFacts facts;
  private final LastValueMemo<List<BackendWeight>, RulePlan> plan = new LastValueMemo<>();
  private final LastValueMemo<RouteChange, Changed> changed = new LastValueMemo<>();

  CachedRoute(RouteFacts facts) {
    this.facts = facts;
  }

  RouteFacts facts() {
    return facts;
  }

  /**
   * The plan of its rule, which depends on nothing else once the weights are known.
   *
   * @param told the weights that Envoy Gateway told for the rule
   */
  RulePlan plan(List<BackendWeight> told, Supplier<RulePlan> make) {
    return plan.of(told, make::get);
  }

  /**
   * What becomes of it.
   *
   * @param bytes the route's own
   */
  Changed changed(ByteString bytes, RouteChange change) throws InvalidProtocolBufferException {
    return changed.of(change, () -> change.apply(bytes));
  }
}
