package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.Set;

/**
 * Model routes that make no difference to others: who asks for models, for which requests, and with which filters.
 *
 * @param owner the HTTPRoute
 * @param condition the match, whatever model it asks for
 * @param filters the names of the filters that the routes switch on
 */
record Asking(ObjectRef owner, RouteMatch condition, Set<String> filters) {
  static Asking of(RouteFacts model) {
    return new Asking(model.owner(), model.condition(), model.filters());
  }
}
