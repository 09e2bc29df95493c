package dev.pointsman.xds;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reports model routes that are outranked by a pool's route without a model condition. Gateway API prefers the longer
 * path to a header match, so a rule on {@code /v1} takes the chat completions of all models whose rules have no path.
 */
final class Outranked {
  private static final RoutePath CHAT =
      new RoutePath(RouteMatch.newBuilder().setPath("/v1/chat/completions").build());

  private Outranked() {}

  /** A route to a pool without a model condition. */
  private record Taker(ObjectRef owner, RoutePath path) {}

  /**
   * Diagnostics for the owners of the model routes.
   *
   * @param routes of one host, in their order
   */
  static List<Diagnostic> diagnostics(List<PlannedRoutes> routes) {
    Set<Taker> takers = new LinkedHashSet<>();
    Set<Diagnostic> diagnostics = new LinkedHashSet<>();
    for (PlannedRoutes group : routes) {
      if (group.isPassThrough()) {
        continue;
      }
      for (PlannedRoute planned : group.list()) {
        if (planned.facts().isEmpty()) {
          continue;
        }
        RouteFacts route = planned.facts().get();
        RoutePath path = RoutePath.of(route.condition());
        if (planned.hasModelCondition()) {
          takers.stream()
              .filter(taker -> path.contains(taker.path()) && !path.equals(taker.path()))
              .map(taker -> outranked(route.owner(), path, taker))
              .forEach(diagnostics::add);
        } else if (!route.pools().isEmpty()
            && path.match().equals(route.condition()) // no other condition
            && path.contains(CHAT)) {
          takers.add(new Taker(route.owner(), path));
        }
      }
    }
    return new ArrayList<>(diagnostics);
  }

  private static Diagnostic outranked(ObjectRef owner, RoutePath path, Taker taker) {
    return new Diagnostic(
        Reason.Outranked,
        owner,
        "spec.rules.matches.path",
        "is " + path + " for its models, and requests for them on " + taker.path() + " go to "
            + taker.owner()
            + ", which names no model: Gateway API prefers the longer path to a header. Match "
            + taker.path() + " here too");
  }
}
