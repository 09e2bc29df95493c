package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.plan.Fallback.Stage;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ValidPool;
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
import java.util.Optional;
import java.util.stream.Stream;

/** Routes the requests of a rule to its pools: each share to the pool's cluster, through the pool's own picker. */
public final class PoolRoutes {
  /** The filters that a pool's route or weighted cluster enables. */
  static final List<String> FILTERS = List.of(
      XdsNames.PICKER_FILTER,
      XdsNames.SUBSET_FILTER,
      XdsNames.FIRST_PICK_FILTER,
      XdsNames.SERVED_FILTER,
      XdsNames.SESSION_FILTER);

  /**
   * The timeout of a route with a RequestMirror filter: it also ends the mirrored requests, which have no other limit.
   */
  private static final long MAX_MIRROR_SECONDS = 3600;

  private PoolRoutes() {}

  /** Whether the plan's rule can have sessions. Envoy keeps a session within one cluster only. */
  public static boolean keepsSessions(RulePlan plan) {
    return plan instanceof Single;
  }

  /**
   * The route with its pools.
   *
   * @param plan empty if it names no pool
   * @param stages after it
   * @param canEjectHosts whether the rule's clusters eject hosts or check their health
   */
  static Route rewrite(
      Route route,
      Optional<RulePlan> plan,
      Optional<Stages> stages,
      PolicyPlan policy,
      boolean canEjectHosts) {
    if (!route.hasRoute()) {
      return route; // a direct response or a redirect
    }
    boolean hints = stages.flatMap(one -> one.cluster().hint()).isPresent();
    Route rewritten = plan.map(one -> toShares(route, one, policy.picker(), canEjectHosts, hints))
        .orElse(route);
    List<Share> shares = Stream.concat(
            plan.stream().flatMap(one -> one.shares().stream()),
            stages.stream().flatMap(one -> one.fallback().stages().stream()).map(Stage::share))
        .filter(share -> !(share.pool() instanceof InvalidPool))
        .toList();
    if (!rewritten.hasRoute() || shares.isEmpty()) {
      return rewritten;
    }
    List<ValidPool> pools = shares.stream().flatMap(PoolRoutes::pool).toList();
    boolean usesPicker = pools.stream().anyMatch(pool -> pool.picker().isPresent());
    Route timed = withTimeouts(rewritten, policy.picker(), usesPicker);
    if (pools.isEmpty()) {
      return timed; // a model's Services
    }
    Route identified = ClientIdentity.on(timed, policy.identity());
    Route counted = policy.countsTokens() ? TokenUsage.on(identified) : identified;
    return policy.explain().map(explain -> Explanations.on(counted, explain)).orElse(counted);
  }

  private static Route toShares(
      Route route, RulePlan plan, PickerSettings settings, boolean canEjectHosts, boolean hints) {
    return switch (plan) {
      case Single(Share share, List<?> _) ->
        single(
            Sessions.beforeRouter(route),
            share,
            new Filters(settings, canEjectHosts, Sessions.on(route), hints));
      case Split split ->
        split(Sessions.without(route), split, new Filters(settings, canEjectHosts, false, hints));
    };
  }

  /**
   * The route with another pool or Service in place of its own, without sessions and mirrors.
   *
   * @param route a rewritten one
   */
  static Route stage(Route route, Share share, PickerSettings settings, boolean canEjectHosts) {
    Route.Builder stage = route.toBuilder();
    FILTERS.forEach(stage::removeTypedPerFilterConfig);
    stage
        .getRouteBuilder()
        .clearClusterSpecifier()
        .clearClusterNotFoundResponseCode()
        .clearRequestMirrorPolicies();
    return single(stage.build(), share, new Filters(settings, canEjectHosts, false, false));
  }

  /** Whether one of the plan's shares has a picker. */
  static boolean usesPicker(RulePlan plan) {
    return plan.shares().stream()
        .flatMap(PoolRoutes::pool)
        .anyMatch(pool -> pool.picker().isPresent());
  }

  private static Route single(Route route, Share share, Filters filters) {
    if (share.pool() instanceof InvalidPool) {
      return DirectResponses.invalidBackend(route);
    }
    Route.Builder single = route.toBuilder().putAllTypedPerFilterConfig(filters.of(share.pool()));
    single.getRouteBuilder().setCluster(share.cluster());
    if (route.getRoute().getHostRewriteSpecifierCase()
        == HostRewriteSpecifierCase.AUTO_HOST_REWRITE) {
      single.getRouteBuilder().clearAutoHostRewrite(); // pods have no host names
    }
    return single.build();
  }

  private static Route split(Route route, Split split, Filters filters) {
    boolean allInvalid =
        split.shares().stream().allMatch(share -> share.pool() instanceof InvalidPool);
    if (allInvalid && split.nonPoolWeight() == 0 && !route.getRoute().hasWeightedClusters()) {
      return DirectResponses.invalidBackend(route);
    }
    RouteAction.Builder action = route.getRoute().toBuilder();
    if (split.nonPoolWeight() > 0) {
      action
          .getWeightedClustersBuilder()
          .addClustersBuilder()
          .setName(split.original())
          .getWeightBuilder()
          .setValue((int) split.nonPoolWeight());
    }
    for (Share share : split.shares()) {
      action.getWeightedClustersBuilder().addClusters(weighted(share, filters));
      if (share.pool() instanceof InvalidPool) {
        action.setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR);
      }
    }
    if (action.getHashPolicyCount() > 0) { // as Envoy Gateway has it for its own weighted clusters
      action.getWeightedClustersBuilder().setUseHashPolicy(Protos.bool(true));
    }
    return route.toBuilder().setRoute(action).build();
  }

  private static ClusterWeight weighted(Share share, Filters filters) {
    ClusterWeight.Builder weighted = ClusterWeight.newBuilder();
    weighted.getWeightBuilder().setValue((int) share.weight());
    return share.pool() instanceof InvalidPool
        ? weighted.setName(XdsNames.INVALID_CLUSTER).build()
        : weighted
            .setName(share.cluster())
            .putAllTypedPerFilterConfig(filters.of(share.pool()))
            .build();
  }

  private static Stream<ValidPool> pool(Share share) {
    return share.pool() instanceof ValidPool pool ? Stream.of(pool) : Stream.empty();
  }

  /**
   * The route without Envoy's default timeout of 15 s for a whole response, which would cut long ones. A timeout set by
   * a user is kept. The stream's idle timeout is kept too: it ends requests to a picker that accepts a stream and
   * hangs, for which ext_proc has no timeout. It is the listener's (300 s unless a ClientTrafficPolicy sets it), the
   * route's or the policy's.
   */
  private static Route withTimeouts(Route route, PickerSettings settings, boolean usesPicker) {
    Route.Builder timed = route.toBuilder();
    if (!route.getRoute().hasTimeout()) {
      boolean isCopied = route.getRoute().getRequestMirrorPoliciesCount() > 0;
      timed.getRouteBuilder().setTimeout(Protos.seconds(isCopied ? MAX_MIRROR_SECONDS : 0));
    }
    if (usesPicker) {
      settings
          .idleTimeoutMillis()
          .ifPresent(millis -> timed.getRouteBuilder().setIdleTimeout(Protos.millis(millis)));
    }
    return timed.build();
  }

  /** The filters that a share enables. */
  private record Filters(
      PickerSettings settings, boolean canEjectHosts, boolean hasSession, boolean hints) {
    Map<String, Any> of(PoolBackend backend) {
      Map<String, Any> filters = new LinkedHashMap<>();
      if (backend instanceof ValidPool pool) {
        pool.picker().ifPresent(picker -> {
          filters.put(
              XdsNames.PICKER_FILTER, EndpointPickerFilter.perRoute(picker, settings, hints));
          if (hints) {
            filters.put(XdsNames.SUBSET_FILTER, SubsetHint.on());
          }
          if (canEjectHosts) {
            filters.putAll(EjectionAwareHostOverride.on());
          } else if (hasSession) {
            filters.putAll(EjectionAwareHostOverride.reportServedHost());
          }
        });
      }
      return filters;
    }
  }
}
