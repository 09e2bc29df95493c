package dev.pointsman.explain;

import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The shares of a route in words. */
public final class ShareWords {
  private ShareWords() {}

  /**
   * The backends with their shares in per cent; {@code no backend} for a response of the route itself.
   *
   * @param name the name of a cluster's backend
   */
  public static String of(RouteAction action, UnaryOperator<String> name) {
    if (!action.hasWeightedClusters()) {
      return action.getCluster().isEmpty()
          ? "no backend"
          : "100 % " + name.apply(action.getCluster());
    }
    List<ClusterWeight> all = action.getWeightedClusters().getClustersList();
    long total = all.stream().mapToLong(ShareWords::weight).sum();
    return all.stream()
        .map(one -> TextRendering.percent(Upstreams.percent(weight(one), total)) + " "
            + name.apply(one.getName()))
        .collect(Collectors.joining(", "));
  }

  private static long weight(ClusterWeight cluster) {
    return Integer.toUnsignedLong(cluster.getWeight().getValue());
  }
}
