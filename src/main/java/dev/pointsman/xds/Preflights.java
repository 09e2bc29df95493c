package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.Optional;

/**
 * CORS preflight requests of browsers. They have no body, and so no model: a model route with CORS has to match them
 * for any model.
 */
final class Preflights {
  private static final String CORS_FILTER = "envoy.filters.http.cors";
  private static final String METHOD = ":method";

  private Preflights() {}

  /** Whether it is Envoy Gateway's preflight route of a model route, which exists for rules with a method. */
  static boolean isFor(Route route) {
    return ModelHeaders.in(route.getMatch())
        && route.getMatch().getHeadersList().stream()
            .anyMatch(header -> header.getName().equals(METHOD)
                && header.getStringMatch().getExact().equals("OPTIONS"));
  }

  /** Envoy Gateway's preflight route without its model condition. */
  static Route withoutModel(Route route) {
    return route.toBuilder().setMatch(ModelHeaders.without(route.getMatch())).build();
  }

  /** The preflight route of a model route with CORS, if Envoy Gateway makes none. */
  static Optional<Route> of(Route route) {
    boolean anyMethod = route.getMatch().getHeadersList().stream()
        .noneMatch(header -> header.getName().equals(METHOD));
    if (!route.hasRoute()
        || !anyMethod
        || !ModelHeaders.in(route.getMatch())
        || !route.containsTypedPerFilterConfig(CORS_FILTER)) {
      return Optional.empty();
    }
    HeaderMatcher.Builder options = HeaderMatcher.newBuilder().setName(METHOD);
    options.getStringMatchBuilder().setExact("OPTIONS");
    RouteMatch.Builder match = ModelHeaders.without(route.getMatch()).toBuilder()
        .addHeaders(options)
        .addHeaders(present("origin"))
        .addHeaders(present("access-control-request-method"));
    Route.Builder preflight =
        route.toBuilder().setName(XdsNames.preflightRoute(route.getName())).setMatch(match);
    preflight.getRouteBuilder().clearRequestMirrorPolicies();
    return Optional.of(preflight.build());
  }

  private static HeaderMatcher present(String header) {
    return HeaderMatcher.newBuilder().setName(header).setPresentMatch(true).build();
  }
}
