package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;

/** Narrower copies of a rule's route that stand in front of it, one for each name of a model that a policy lists. */
final class HeaderMatchRoutes {
  private HeaderMatchRoutes() {}

  /** The route for one model, whatever model it asked for before. */
  static Route narrow(Route route, String model) {
    RouteMatch.Builder match = route.getMatch().toBuilder().clearHeaders();
    route.getMatch().getHeadersList().stream()
        .filter(header -> !header.getName().equalsIgnoreCase(XdsNames.MODEL_HEADER))
        .forEach(match::addHeaders);
    HeaderMatcher.Builder asked = HeaderMatcher.newBuilder().setName(XdsNames.MODEL_HEADER);
    asked.getStringMatchBuilder().setExact(model);
    return route.toBuilder()
        .setName(XdsNames.modelRoute(route.getName(), model))
        .setMatch(match.addHeaders(asked))
        .build();
  }

  /** The route without where it goes. */
  static Route toNowhere(Route route) {
    Route.Builder nowhere = route.toBuilder();
    nowhere.getRouteBuilder().clearClusterSpecifier();
    return nowhere.build();
  }
}
