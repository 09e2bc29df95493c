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
import org.jspecify.annotations.Nullable;

/** A route that concerns us, and what became of it the last time. */
final class KnownRoute {
  private final RouteFacts facts;
  private volatile @Nullable Planned planned;
  private volatile @Nullable Rewritten rewritten;

  private record Planned(List<BackendWeight> told, RulePlan plan) {}

  private record Rewritten(RouteChange change, Changed changed) {}

  KnownRoute(RouteFacts facts) {
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
    Planned known = planned;
    if (known == null || !known.told.equals(told)) {
      known = new Planned(told, make.get());
      planned = known;
    }
    return known.plan;
  }

  /**
   * What becomes of it.
   *
   * @param bytes the route's own
   */
  Changed changed(ByteString bytes, RouteChange change) throws InvalidProtocolBufferException {
    Rewritten known = rewritten;
    if (known == null || !known.change.equals(change)) {
      known = new Rewritten(change, change.apply(bytes));
      rewritten = known;
    }
    return known.changed;
  }
}
