package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.Set;

/**
 * Model routes that differ only in the model: they have the same owner, condition and filters.
 *
 * @param owner the HTTPRoute
 * @param condition the match without the model condition
 * @param gates the routes' configuration for the filters
 */
record ModelRouteSet(ObjectRef owner, RouteMatch condition, Gates gates) {
  static ModelRouteSet of(RouteFacts model) {
    return new ModelRouteSet(model.owner(), model.condition(), model.gates());
  }

  /** The names of the enabled filters. */
  Set<String> filters() {
    return gates.filters();
  }
}
