package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;

/**
 * Narrower copies of a rule's route that stand in front of it, one for each name of a model that a policy lists, or that
 * belongs to the base model that the route asks for.
 */
final class HeaderMatchRoutes {
  private HeaderMatchRoutes() {}

  /** The route for one model, whatever model it asked for before. A base model is told to the upstream. */
  static Route narrow(Route route, String model) {
    HeaderMatcher.Builder asked = HeaderMatcher.newBuilder().setName(XdsNames.MODEL_HEADER);
    asked.getStringMatchBuilder().setExact(model);
    Route.Builder narrow = route.toBuilder()
        .setName(XdsNames.modelRoute(route.getName(), model))
        .setMatch(ModelHeaders.without(route.getMatch()).toBuilder().addHeaders(asked));
    ModelHeaders.baseModel(route.getMatch())
        .ifPresent(base -> narrow.addRequestHeadersToAdd(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder()
                .setKey(XdsNames.BASE_MODEL_HEADER)
                .setValue(base.replace("%", "%%"))) // else Envoy reads it as a command
            .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
    return narrow.build();
  }

  /** The route without where it goes. */
  static Route toNowhere(Route route) {
    Route.Builder nowhere = route.toBuilder();
    nowhere.getRouteBuilder().clearClusterSpecifier();
    return nowhere.build();
  }
}
