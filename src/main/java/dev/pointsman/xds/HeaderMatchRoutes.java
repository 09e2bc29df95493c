package dev.pointsman.xds;

import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/**
 * Narrower copies of a rule's route that stand in front of it, for the names of models that a policy lists, or that belong
 * to the base model that the route asks for.
 */
final class HeaderMatchRoutes {
  private HeaderMatchRoutes() {}

  /**
   * The route for some models, whatever model it asked for before. A base model is told to the upstream.
   *
   * @param models at least one
   */
  static Route narrow(Route route, List<String> models) {
    Route.Builder narrow = route.toBuilder()
        .setName(XdsNames.modelRoute(route.getName(), models.getFirst()))
        .setMatch(
            ModelHeaders.without(route.getMatch()).toBuilder().addHeaders(modelMatcher(models)));
    ModelHeaders.baseModel(route.getMatch())
        .ifPresent(base -> narrow.addRequestHeadersToAdd(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder()
                .setKey(XdsNames.BASE_MODEL_HEADER)
                .setValue(UserStrings.headerValue(base)))
            .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
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

  /** The route without where it goes. */
  static Route withoutCluster(Route route) {
    Route.Builder nowhere = route.toBuilder();
    nowhere.getRouteBuilder().clearClusterSpecifier();
    return nowhere.build();
  }
}
