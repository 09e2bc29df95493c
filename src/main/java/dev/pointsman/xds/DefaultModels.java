package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/**
 * Model routes of a listener on which an operator sets a default model before the first route is selected. A JSON body
 * may name another model, whose route may have other filters, and Envoy enables filters by the first route. So a JSON
 * request matches no model route before its body has been read: its initial route is that of requests without a model,
 * with the right filters for its path.
 */
final class DefaultModels {
  private DefaultModels() {}

  /**
   * The two routes that replace a model route: one for requests without a JSON body, one for requests whose body was
   * read.
   */
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

  /** The extraction stores the size of each body that it reads. */
  private static Route read(Route route) {
    return route.toBuilder()
        .setMatch(route.getMatch().toBuilder().addFilterState(ModelExtraction.hasRead("[0-9]+")))
        .build();
  }
}
