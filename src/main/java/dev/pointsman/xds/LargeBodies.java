package dev.pointsman.xds;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.v3.Int64Range;

/**
 * Brings bodies above 4 MB to pickers. The extraction of the model has buffered the body, Envoy hands ext_proc a
 * buffered body as one message, and gRPC servers refuse messages above 4 MiB. So such a request takes a loop through a
 * listener of ours on an abstract socket, where the picker's filter sees the body in small pieces:
 *
 * <pre>
 * listener: filters of the gateway → front copy of the route → loop cluster
 *                                                                  ↓ abstract socket
 * loop listener: picker's filters → inner copy of the route → the pool
 * </pre>
 *
 * A body whose length is not told in advance may be a large one and takes the loop too.
 */
public final class LargeBodies {
  /** gRPC's usual limit of 4 MiB, less what surrounds the body in a message. */
  private static final long FROM_BYTES = 4_000_000;

  private static final String POST = "POST";

  private LargeBodies() {}

  /** The copy that stands before the route and takes its large bodies into the loop. */
  static Route front(Route route, String routeConfiguration) {
    RouteAction.Builder loop = route.getRoute().toBuilder()
        .clearClusterSpecifier()
        .clearHostRewriteSpecifier()
        .clearPrefixRewrite()
        .clearRegexRewrite()
        .clearPathRewritePolicy()
        .clearRetryPolicy()
        .clearRequestMirrorPolicies()
        .clearHashPolicy()
        .clearUpgradeConfigs()
        .clearClusterNotFoundResponseCode()
        .setCluster(XdsNames.largeBodies(routeConfiguration));
    Route.Builder front = route.toBuilder()
        .setName(XdsNames.largeBodiesRoute(route.getName()))
        .setMatch(large(route))
        .setRoute(loop)
        .clearRequestHeadersToAdd()
        .clearRequestHeadersToRemove()
        .clearResponseHeadersToAdd()
        .clearResponseHeadersToRemove();
    PoolRoutes.FILTERS.forEach(front::removeTypedPerFilterConfig);
    return front.build();
  }

  /** The copy behind the loop: all that happens after the gateway's own filters. */
  static Route inner(Route route) {
    Route.Builder inner =
        route.toBuilder().clearMetadata().clearTypedPerFilterConfig().clearRequestBodyBufferLimit();
    inner.getRouteBuilder().clearRateLimits().clearUpgradeConfigs();
    for (String filter : PoolRoutes.FILTERS) {
      if (route.containsTypedPerFilterConfig(filter)) {
        inner.putTypedPerFilterConfig(filter, route.getTypedPerFilterConfigOrThrow(filter));
      }
    }
    return inner.build();
  }

  private static RouteMatch large(Route route) {
    RouteMatch.Builder match = route.getMatch().toBuilder()
        .addHeaders(HeaderMatcher.newBuilder()
            .setName("content-length")
            .setRangeMatch(Int64Range.newBuilder().setStart(0).setEnd(FROM_BYTES))
            .setInvertMatch(true)
            .setTreatMissingHeaderAsEmpty(true));
    if (!ModelHeaders.byName(
        route.getMatch())) { // else it has a JSON body, or it would have no model
      HeaderMatcher.Builder json = HeaderMatcher.newBuilder().setName("content-type");
      json.getStringMatchBuilder().setSafeRegex(ModelExtraction.JSON);
      HeaderMatcher.Builder post = HeaderMatcher.newBuilder().setName(":method");
      post.getStringMatchBuilder().setExact(POST);
      match.addHeaders(json).addHeaders(post);
    }
    return match.build();
  }

  /** The cluster that leads into the loop. */
  public static Cluster cluster(String routeConfiguration) {
    return LoopListeners.cluster(XdsNames.largeBodies(routeConfiguration));
  }

  /** The listener at the other end; its routes come from Envoy Gateway by name, so that it never changes. */
  public static Listener listener(String routeConfiguration) {
    String name = XdsNames.largeBodies(routeConfiguration);
    HttpConnectionManager.Builder manager = LoopListeners.manager("pointsman-large");
    manager
        .getRdsBuilder()
        .setRouteConfigName(name)
        .getConfigSourceBuilder()
        .setAds(AggregatedConfigSource.getDefaultInstance())
        .setResourceApiVersion(ApiVersion.V3);
    return LoopListeners.listener(name, manager.build());
  }
}
