package dev.pointsman.explain;

import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.stream.Collectors;

/** The tries of a route to a loop. Each try of a route with a fallback is a stage; other routes have one. */
final class Tries {
  private Tries() {}

  /** The number of tries, each of which takes a route of its own in the loop. */
  static int of(Route route) {
    return areStages(route)
        ? 1 + route.getRoute().getRetryPolicy().getNumRetries().getValue()
        : 1;
  }

  /** Whether the tries are numbered, so that each may take another route in the loop. */
  static boolean areStages(Route route) {
    return route.getRoute().getCluster().startsWith(XdsNames.fallback(""));
  }

  /** The end of the way with all tries. */
  static RequestEnd end(List<RequestEnd> tries, Route route) {
    if (tries.size() == 1) {
      return tries.getFirst();
    }
    RetryPolicy retries = route.getRoute().getRetryPolicy();
    String statuses = retries.getRetriableStatusCodesList().stream()
        .map(String::valueOf)
        .collect(Collectors.joining(" or "));
    boolean connections = retries.getRetryOn().contains("connect-failure");
    return new RequestEnd.Staged(
        List.copyOf(tries), statuses + (connections ? ", a refused connection or a reset" : ""));
  }
}
