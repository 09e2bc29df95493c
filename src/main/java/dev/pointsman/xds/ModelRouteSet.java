package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.Set;

/**
 * Model routes that make no difference to others: who asks for models, for which requests, and with which filters.
 *
 * @param owner the HTTPRoute
 * @param condition the match, whatever model it asks for
 * @param gates what the routes tell the filters in front of them
 */
record ModelRouteSet(ObjectRef owner, RouteMatch condition, Gates gates) {
  static ModelRouteSet of(RouteFacts model) {
    return new ModelRouteSet(model.owner(), model.condition(), model.gates());
  }

  /** The names of the filters that the routes switch on. */
  Set<String> filters() {
    return gates.filters();
  }
}
