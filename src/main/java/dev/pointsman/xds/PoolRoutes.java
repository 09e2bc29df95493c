package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.ClusterNotFoundResponseCode;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HostRewriteSpecifierCase;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sends a rule's routes to its pools: each share to the pool's cluster, past the pool's own picker. */
public final class PoolRoutes {
  /** The filters that a pool's route or weighted cluster switches on. */
  static final List<String> FILTERS =
      List.of(XdsNames.PICKER_FILTER, XdsNames.FIRST_PICK_FILTER, XdsNames.SERVED_FILTER);

  /**
   * Ends requests to a picker that accepts and then hangs, where Envoy Gateway has set no bound: ext_proc's own
   * timeouts do not fire while a body is streamed. Envoy's default for a listener.
   */
  private static final long IDLE_SECONDS = 300;

  private PoolRoutes() {}

  /**
   * The route with its pools.
   *
   * @param setsHostsAside whether the rule's clusters eject hosts or check their health
   */
  public static Route rewrite(Route route, RulePlan plan, boolean setsHostsAside) {
    if (!route.hasRoute()) {
      return route; // Envoy Gateway answers or redirects by itself
    }
    Route rewritten = switch (plan) {
      case Single(Share share, List<?> _) ->
        share.pool() instanceof Usable pool
            ? whole(route, pool, setsHostsAside)
            : DirectResponses.invalidBackend(route);
      case Split split -> split(route, split, setsHostsAside);
    };
    return rewritten.hasRoute() && !rewritten.getRoute().hasIdleTimeout()
        ? bounded(rewritten)
        : rewritten;
  }

  private static Route whole(Route route, Usable pool, boolean setsHostsAside) {
    Route.Builder whole =
        route.toBuilder().putAllTypedPerFilterConfig(filters(pool, setsHostsAside));
    if (route.getRoute().getHostRewriteSpecifierCase()
        == HostRewriteSpecifierCase.AUTO_HOST_REWRITE) {
      whole.getRouteBuilder().clearAutoHostRewrite(); // pods have no host names
    }
    return whole.build();
  }

  private static Route split(Route route, Split split, boolean setsHostsAside) {
    boolean anyUsable = split.shares().stream().anyMatch(share -> share.pool() instanceof Usable);
    if (!anyUsable && split.others() == 0 && !route.getRoute().hasWeightedClusters()) {
      return DirectResponses.invalidBackend(route);
    }
    RouteAction.Builder action = route.getRoute().toBuilder();
    if (split.others() > 0) {
      action
          .getWeightedClustersBuilder()
          .addClustersBuilder()
          .setName(split.original())
          .getWeightBuilder()
          .setValue((int) split.others());
    }
    for (Share share : split.shares()) {
      action.getWeightedClustersBuilder().addClusters(weighted(share, setsHostsAside));
      if (!(share.pool() instanceof Usable)) {
        action.setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR);
      }
    }
    return route.toBuilder().setRoute(action).build();
  }

  private static ClusterWeight weighted(Share share, boolean setsHostsAside) {
    ClusterWeight.Builder weighted = ClusterWeight.newBuilder();
    weighted.getWeightBuilder().setValue((int) share.weight());
    return share.pool() instanceof Usable pool
        ? weighted
            .setName(share.cluster())
            .putAllTypedPerFilterConfig(filters(pool, setsHostsAside))
            .build()
        : weighted.setName(XdsNames.INVALID_CLUSTER).build();
  }

  private static Map<String, Any> filters(Usable pool, boolean setsHostsAside) {
    Map<String, Any> filters = new LinkedHashMap<>();
    pool.picker().ifPresent(picker -> {
      filters.put(XdsNames.PICKER_FILTER, EndpointPickerFilter.ask(picker));
      if (setsHostsAside) {
        filters.putAll(FirstPick.on());
      }
    });
    return filters;
  }

  private static Route bounded(Route route) {
    Route.Builder bounded = route.toBuilder();
    bounded.getRouteBuilder().setIdleTimeout(Protos.seconds(IDLE_SECONDS));
    return bounded.build();
  }
}
