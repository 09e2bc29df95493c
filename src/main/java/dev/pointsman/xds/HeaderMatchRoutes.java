package dev.pointsman.xds;

import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/**
 * Narrower copies of a rule's route that precede it, for models of a policy or of the base model that the route
 * matches.
 */
final class HeaderMatchRoutes {
  private HeaderMatchRoutes() {}

  /**
   * The route with its model condition replaced by one on these models. Upstreams receive the name of a base model.
   *
   * @param models at least one
   */
  static Route narrow(Route route, List<String> models) {
    Route.Builder narrow = route.toBuilder()
        .setName(XdsNames.modelRoute(route.getName(), models.getFirst()))
        .setMatch(
            ModelHeaders.without(route.getMatch()).toBuilder().addHeaders(modelMatcher(models)));
    ModelHeaders.baseModel(route.getMatch())
        .ifPresent(base -> narrow.addRequestHeadersToAdd(
            Protos.header(XdsNames.BASE_MODEL_HEADER, UserStrings.headerValue(base))));
    return narrow.build();
  }

  private static HeaderMatcher modelMatcher(List<String> models) {
    HeaderMatcher.Builder modelMatcher = HeaderMatcher.newBuilder().setName(XdsNames.MODEL_HEADER);
    if (models.size() == 1) {
      modelMatcher.getStringMatchBuilder().setExact(models.getFirst());
    } else {
      modelMatcher
          .getStringMatchBuilder()
          .getSafeRegexBuilder()
          .setRegex(UserStrings.regexOf(models));
    }
    return modelMatcher.build();
  }

  /** The route without its clusters. */
  static Route withoutCluster(Route route) {
    Route.Builder nowhere = route.toBuilder();
    nowhere.getRouteBuilder().clearClusterSpecifier();
    return nowhere.build();
  }
}
