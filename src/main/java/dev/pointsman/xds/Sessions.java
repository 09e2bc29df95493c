package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Session persistence of routes to pools. Of filters that choose a host, the last one has its way; and a session belongs
 * to the host that the filter sees. So the route's session moves from Envoy Gateway's filter, which comes before the
 * picker's and does not see what is behind a loop, to one of ours right before the router, in the loop too.
 */
final class Sessions {
  private static final Any OFF =
      Any.pack(StatefulSessionPerRoute.newBuilder().setDisabled(true).build());

  private Sessions() {}

  /** The filter of a listener; it does nothing by itself. */
  static HttpFilter filter() {
    return HttpFilter.newBuilder()
        .setName(XdsNames.SESSION_FILTER)
        .setTypedConfig(Any.pack(StatefulSession.getDefaultInstance()))
        .build();
  }

  /** Whether one of the filters keeps sessions for routes that want it. */
  static boolean areKept(List<HttpFilter> filters) {
    return filters.stream()
        .anyMatch(filter -> filter.getTypedConfig().is(StatefulSession.class)
            && !XdsNames.isOurs(filter.getName()));
  }

  /** Whether the route wants sessions. */
  static boolean on(Route route) {
    return session(route).isPresent();
  }

  /** The route with its session kept right before the router; the same instance if it has none. */
  static Route beforeRouter(Route route) {
    return session(route)
        .map(entry -> off(route, entry.getKey()).toBuilder()
            .putTypedPerFilterConfig(XdsNames.SESSION_FILTER, entry.getValue())
            .build())
        .orElse(route);
  }

  /** The route without its session; the same instance if it has none. */
  static Route without(Route route) {
    return session(route).map(entry -> off(route, entry.getKey())).orElse(route);
  }

  /** Switched off and not removed: a filter that is there because of the first route would follow the listener. */
  private static Route off(Route route, String filter) {
    return route.toBuilder().putTypedPerFilterConfig(filter, OFF).build();
  }

  private static Optional<Map.Entry<String, Any>> session(Route route) {
    return route.getTypedPerFilterConfigMap().entrySet().stream()
        .filter(config -> !XdsNames.isOurs(config.getKey()) && isOn(config.getValue()))
        .min(Map.Entry.comparingByKey());
  }

  private static boolean isOn(Any config) {
    try {
      return config.is(StatefulSessionPerRoute.class)
          && config.unpack(StatefulSessionPerRoute.class).hasStatefulSession();
    } catch (InvalidProtocolBufferException broken) {
      return false; // Envoy will say so
    }
  }
}
