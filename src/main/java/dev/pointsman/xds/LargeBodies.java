package dev.pointsman.xds;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.pointsman.model.BodySizes;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * Sends bodies above 4 MB to pickers. The extraction buffers the body, Envoy sends ext_proc a buffered body as one
 * message, and gRPC servers refuse messages above 4 MiB. So such a request passes a second listener (the loop), whose
 * picker filter receives the body in small messages:
 *
 * <pre>
 * listener: filters of the gateway → front copy of the route, sets the token → loop cluster
 *                                                                                  ↓ unix socket
 * loop listener: token removed → picker's filters → inner copy of the route, matched by the token → the pool
 * </pre>
 *
 * The extraction stores the size of the body. A body that was not buffered streams to the picker without the loop.
 */
public final class LargeBodies {
  private static final String LARGE = "[4-9][0-9]{6}|[1-9][0-9]{7,}";

  private static final OneofDescriptor PATH = RouteMatch.getDescriptor()
      .findFieldByNumber(RouteMatch.PREFIX_FIELD_NUMBER)
      .getContainingOneof();

  private LargeBodies() {}

  /** Whether bodies above 4 MB are buffered. */
  static boolean areBuffered(long bodyLimit) {
    return bodyLimit >= BodySizes.LARGE;
  }

  /** The copy before the route that sends its large bodies into the loop. */
  static Route front(Route route, LoopTokens tokens, BodyProcessors processors) {
    Route copy = only(processors.beforeLoop(route));
    return processors.needLoop(route)
        ? intoLoop(
            withoutResponseHeaders(copy),
            tokens.processors(route.getName()),
            tokens.routeConfiguration())
        : intoLoop(copy, tokens.route(route.getName()), tokens.routeConfiguration());
  }

  /** The route that sends all its requests into the loop, with its own filters before it. */
  static Route apart(Route route, LoopTokens tokens) {
    return intoLoop(route, tokens.apart(route.getName()), tokens.routeConfiguration());
  }

  /** The inner copy of {@link #apart}. A name of its own, because a route with processors has two inner copies. */
  static Route innerApart(Route route, LoopTokens tokens, long bodyLimit) {
    return innermost(route, tokens.apart(route.getName()), bodyLimit).toBuilder()
        .setName(XdsNames.apartRoute(route.getName()))
        .build();
  }

  /** The copy before the route that sends bodies into the loop that may be large and were not read. */
  static Route frontForUnread(Route route, LoopTokens tokens) {
    Route copy = route.toBuilder()
        .setName(XdsNames.largeBodiesRoute(route.getName()))
        .setMatch(BufferedBodies.maybeLarge(route.getMatch()))
        .build();
    return intoLoop(copy, tokens.route(route.getName()), tokens.routeConfiguration());
  }

  /**
   * The route without changes to response headers. With processors the inner copy makes them, so that the processors
   * see them; else the front copy does, also for its own responses.
   */
  private static Route withoutResponseHeaders(Route route) {
    return route.toBuilder()
        .clearResponseHeadersToAdd()
        .clearResponseHeadersToRemove()
        .build();
  }

  /** The copy before the route for its large bodies, with the route's action. */
  static Route only(Route route) {
    return route.toBuilder()
        .setName(XdsNames.largeBodiesRoute(route.getName()))
        .setMatch(route.getMatch().toBuilder().addFilterState(ModelExtraction.hasRead(LARGE)))
        .build();
  }

  /** The copy before the route that responds to its large bodies with 413. */
  static Route refused(Route route) {
    Route copy = only(route);
    return DirectResponses.bodyTooLarge(
        copy.getName(), copy.getMatch(), copy.getMetadata(), BodySizes.LARGE);
  }

  /**
   * The copy in the loop on which processors run. Its cluster is the loop again. Its listener buffers bodies for a
   * retry, and a processor that has not yet responded to the headers would receive the whole buffer as one message.
   */
  static Route processed(Route route, LoopTokens tokens, BodyProcessors processors) {
    Route.Builder copy = route.toBuilder()
        .setName(XdsNames.processorsRoute(route.getName()))
        .setMatch(RouteMatch.newBuilder()
            .setPrefix("/")
            .addHeaders(LoopTokens.match(tokens.processors(route.getName()))))
        .clearMetadata()
        .clearTypedPerFilterConfig()
        .clearRequestBodyBufferLimit();
    copy.getRouteBuilder().clearRateLimits();
    copyFilters(processors.streaming(), route, copy);
    return intoLoop(
        withoutResponseHeaders(copy.build()),
        tokens.route(route.getName()),
        tokens.routeConfiguration());
  }

  private static Route intoLoop(Route copy, String token, String routeConfiguration) {
    return into(XdsNames.largeBodies(routeConfiguration), copy, token);
  }

  /**
   * Changes the cluster to one of the loop. The inner copy, which matches the token, has the route's action and rewrites.
   */
  static Route into(String cluster, Route copy, String token) {
    RouteAction.Builder loop = copy.getRoute().toBuilder()
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
        .setCluster(cluster);
    Route.Builder into = copy.toBuilder()
        .setRoute(loop)
        .clearRequestHeadersToAdd()
        .addRequestHeadersToAdd(LoopTokens.set(token))
        .clearRequestHeadersToRemove();
    PoolRoutes.FILTERS.forEach(into::removeTypedPerFilterConfig);
    return into.build();
  }

  /**
   * The inner copy in the loop, with all that follows the gateway's own filters.
   *
   * @param bodyLimit the largest body, in bytes, that is buffered for a retry
   */
  static Route inner(Route route, LoopTokens tokens, BodyProcessors processors, long bodyLimit) {
    return inner(
        processors.needLoop(route) ? route : withoutResponseHeaders(route),
        tokens.route(route.getName()),
        bodyLimit);
  }

  /** The copy in the loop without a change to response headers, which another copy makes. */
  static Route innermost(Route route, String token, long bodyLimit) {
    return inner(withoutResponseHeaders(route), token, bodyLimit);
  }

  private static Route inner(Route route, String token, long bodyLimit) {
    Route.Builder inner = route.toBuilder()
        .setMatch(entered(route, token))
        .clearMetadata()
        .clearTypedPerFilterConfig();
    inner.getRouteBuilder().clearRateLimits().clearUpgradeConfigs();
    if (!route.hasRequestBodyBufferLimit()) {
      inner.getRequestBodyBufferLimitBuilder().setValue(bodyLimit);
    }
    copyFilters(PoolRoutes.FILTERS, route, inner);
    return inner.build();
  }

  private static void copyFilters(Iterable<String> filters, Route from, Route.Builder to) {
    for (String filter : filters) {
      if (from.containsTypedPerFilterConfig(filter)) {
        to.putTypedPerFilterConfig(filter, from.getTypedPerFilterConfigOrThrow(filter));
      }
    }
  }

  /** Matches the token, and the path if Envoy rewrites the matched part of it. */
  private static RouteMatch entered(Route route, String token) {
    RouteMatch.Builder match = RouteMatch.newBuilder().setPrefix("/");
    RouteAction action = route.getRoute();
    FieldDescriptor path = route.getMatch().getOneofFieldDescriptor(PATH);
    if (path != null && (!action.getPrefixRewrite().isEmpty() || action.hasPathRewritePolicy())) {
      match.setField(path, route.getMatch().getField(path));
      if (route.getMatch().hasCaseSensitive()) {
        match.setCaseSensitive(route.getMatch().getCaseSensitive());
      }
    }
    return match.addHeaders(LoopTokens.match(token)).build();
  }

  /** The cluster of the loop. */
  public static Cluster cluster(String routeConfiguration) {
    return LoopListeners.cluster(XdsNames.largeBodies(routeConfiguration), LoopListeners.UPSTREAM);
  }

  /**
   * The listener of the loop. Envoy Gateway serves its routes by name, so it changes only with the gateway's filters,
   * which also change the gateway's own listener.
   */
  public static Listener listener(String routeConfiguration, GatewayFilters filters) {
    String name = XdsNames.largeBodies(routeConfiguration);
    HttpConnectionManager.Builder manager = LoopListeners.manager(
        "pointsman-large", BodyProcessors.inLoop(filters.disabled()), filters.envoyHeaders());
    // The picker's call is a part of the trace.
    filters.tracing().ifPresent(manager::setTracing);
    manager
        .getRdsBuilder()
        .setRouteConfigName(name)
        .getConfigSourceBuilder()
        .setAds(AggregatedConfigSource.getDefaultInstance())
        .setResourceApiVersion(ApiVersion.V3);
    return LoopListeners.listener(name, manager.build());
  }
}
