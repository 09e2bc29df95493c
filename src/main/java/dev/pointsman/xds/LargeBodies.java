package dev.pointsman.xds;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/**
 * Brings bodies above 4 MB to pickers. The extraction of the model has buffered the body, Envoy hands ext_proc a
 * buffered body as one message, and gRPC servers refuse messages above 4 MiB. So such a request takes a loop through a
 * listener of ours, where the picker's filter sees the body in small pieces:
 *
 * <pre>
 * listener: filters of the gateway → front copy of the route, sets the token → loop cluster
 *                                                                                  ↓ unix socket
 * loop listener: token removed → picker's filters → inner copy of the route, chosen by the token → the pool
 * </pre>
 *
 * The extraction counts the bytes of the body. A body that was not buffered streams to the picker anyway.
 */
public final class LargeBodies {
  /** 4,000,000 and more: gRPC's usual limit of 4 MiB, less what surrounds the body in a message. */
  static final long SMALLEST = 4_000_000;

  private static final String LARGE = "[4-9][0-9]{6}|[1-9][0-9]{7,}";

  private static final OneofDescriptor PATH = RouteMatch.getDescriptor()
      .findFieldByNumber(RouteMatch.PREFIX_FIELD_NUMBER)
      .getContainingOneof();

  private LargeBodies() {}

  /** Whether bodies above 4 MB are buffered. */
  static boolean areBuffered(long bodyLimit) {
    return bodyLimit >= SMALLEST;
  }

  /** The copy that stands before the route and takes its large bodies into the loop. */
  static Route front(Route route, LoopTokens tokens, BodyProcessors processors) {
    Route copy = only(processors.beforeLoop(route));
    return processors.needLoop(route)
        ? intoLoop(
            withoutResponseHeaders(copy),
            tokens.processors(route.getName()),
            tokens.routeConfiguration())
        : intoLoop(copy, tokens.route(route.getName()), tokens.routeConfiguration());
  }

  /** The copy that takes bodies into the loop that may be large and have not been read. */
  static Route frontForUnread(Route route, LoopTokens tokens) {
    Route copy = route.toBuilder()
        .setName(XdsNames.largeBodiesRoute(route.getName()))
        .setMatch(BufferedBodies.maybeLarge(route.getMatch()))
        .build();
    return intoLoop(copy, tokens.route(route.getName()), tokens.routeConfiguration());
  }

  /** Processors behind the loop see answers as the route has changed them; else the front changes all, its own too. */
  private static Route withoutResponseHeaders(Route route) {
    return route.toBuilder()
        .clearResponseHeadersToAdd()
        .clearResponseHeadersToRemove()
        .build();
  }

  /** The copy that stands before the route and takes its large bodies, and does with them what the route does. */
  static Route only(Route route) {
    return route.toBuilder()
        .setName(XdsNames.largeBodiesRoute(route.getName()))
        .setMatch(route.getMatch().toBuilder().addFilterState(ModelExtraction.hasRead(LARGE)))
        .build();
  }

  /** The copy that stands before the route and answers its large bodies with 413. */
  static Route refused(Route route) {
    Route copy = only(route);
    return DirectResponses.bodyTooLarge(
        copy.getName(), copy.getMatch(), copy.getMetadata(), SMALLEST);
  }

  /**
   * The copy behind the loop where processors run. It leads into the loop once more: bodies are kept for a retry there,
   * and a processor that has not yet answered to the headers would get all that is kept as one message.
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

  /** Leads into the loop; the route's action and rewrites are left to the copy behind it, which the token opens. */
  private static Route intoLoop(Route copy, String token, String routeConfiguration) {
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
        .setCluster(XdsNames.largeBodies(routeConfiguration));
    Route.Builder into = copy.toBuilder()
        .setRoute(loop)
        .clearRequestHeadersToAdd()
        .addRequestHeadersToAdd(LoopTokens.set(token))
        .clearRequestHeadersToRemove();
    PoolRoutes.FILTERS.forEach(into::removeTypedPerFilterConfig);
    return into.build();
  }

  /**
   * The copy behind the loop: all that happens after the gateway's own filters.
   *
   * @param bodyLimit the largest body, in bytes, that is kept for a retry
   */
  static Route inner(Route route, LoopTokens tokens, BodyProcessors processors, long bodyLimit) {
    Route.Builder inner = (processors.needLoop(route) ? route : withoutResponseHeaders(route))
        .toBuilder()
            .setMatch(entered(route, tokens.route(route.getName())))
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

  /** The token, and the path where Envoy rewrites the part of it that has matched. */
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

  /** The cluster that leads into the loop. */
  public static Cluster cluster(String routeConfiguration) {
    return LoopListeners.cluster(XdsNames.largeBodies(routeConfiguration), LoopListeners.UPSTREAM);
  }

  /**
   * The listener at the other end; its routes come from Envoy Gateway by name, so that it changes with the gateway's
   * filters alone, with which the gateway's own listener changes too.
   */
  public static Listener listener(String routeConfiguration, GatewayFilters filters) {
    String name = XdsNames.largeBodies(routeConfiguration);
    HttpConnectionManager.Builder manager = LoopListeners.manager(
        "pointsman-large", BodyProcessors.inLoop(filters.disabled()), filters.envoyHeaders());
    manager
        .getRdsBuilder()
        .setRouteConfigName(name)
        .getConfigSourceBuilder()
        .setAds(AggregatedConfigSource.getDefaultInstance())
        .setResourceApiVersion(ApiVersion.V3);
    return LoopListeners.listener(name, manager.build());
  }
}
