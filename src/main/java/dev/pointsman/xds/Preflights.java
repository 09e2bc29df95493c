package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.Optional;

/**
 * The requests with which browsers ask whether they may send another one. They have no body, and so no model: a model
 * route that allows origins has to take them whatever model will be asked for.
 */
final class Preflights {
  private static final String CORS_FILTER = "envoy.filters.http.cors";
  private static final String METHOD = ":method";

  private Preflights() {}

  /** Whether it is Envoy Gateway's route for preflights of a model route (it makes one for a rule with a method). */
  static boolean isFor(Route route) {
    return ModelHeaders.in(route.getMatch())
        && route.getMatch().getHeadersList().stream()
            .anyMatch(header -> header.getName().equals(METHOD)
                && header.getStringMatch().getExact().equals("OPTIONS"));
  }

  /** Envoy Gateway's route for preflights, whatever model it asks for. */
  static Route withoutModel(Route route) {
    return route.toBuilder().setMatch(ModelHeaders.without(route.getMatch())).build();
  }

  /** The route for preflights of a model route that allows origins, where Envoy Gateway makes none. */
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
