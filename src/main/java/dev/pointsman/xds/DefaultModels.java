package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/**
 * Model routes of a listener on which an operator sets a model before the first route is chosen. A JSON body may name
 * another model, whose route may have other filters; Envoy decides by the first route which filters there are. So a JSON
 * request meets no model route before its body has been read: it arrives where requests without a model arrive, with the
 * filters that are right for its path.
 */
final class DefaultModels {
  private DefaultModels() {}

  /** The two routes in place of a model route: for requests that name no model in a body, and once a body has been read. */
  static List<Route> split(Route route) {
    return List.of(notJson(route), read(route));
  }

  private static Route notJson(Route route) {
    HeaderMatcher.Builder notJson = HeaderMatcher.newBuilder()
        .setName("content-type")
        .setInvertMatch(true)
        .setTreatMissingHeaderAsEmpty(true);
    notJson.getStringMatchBuilder().setSafeRegex(ModelExtraction.JSON);
    return route.toBuilder()
        .setName(XdsNames.notJsonRoute(route.getName()))
        .setMatch(route.getMatch().toBuilder().addHeaders(notJson))
        .build();
  }

  /** The extraction counts the bytes of each body that it reads. */
  private static Route read(Route route) {
    return route.toBuilder()
        .setMatch(route.getMatch().toBuilder().addFilterState(ModelExtraction.hasRead("[0-9]+")))
        .build();
  }
}
