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
 * Session persistence of routes to pools. If several filters choose a host, the last one wins, and a session stores the
 * host that its filter sees. So the route's session moves from Envoy Gateway's filter, which is before the picker's and
 * does not see the hosts of the loop, to an added filter directly before the router, also in the loop.
 */
final class Sessions {
  private static final Any OFF =
      Any.pack(StatefulSessionPerRoute.newBuilder().setDisabled(true).build());

  private Sessions() {}

  /** The filter of a listener. It has no effect until a route configures it. */
  static HttpFilter filter() {
    return HttpFilter.newBuilder()
        .setName(XdsNames.SESSION_FILTER)
        .setTypedConfig(Any.pack(StatefulSession.getDefaultInstance()))
        .build();
  }

  /** Whether one of the filters keeps sessions for routes that enable it. */
  static boolean areKept(List<HttpFilter> filters) {
    return filters.stream()
        .anyMatch(filter -> filter.getTypedConfig().is(StatefulSession.class)
            && !XdsNames.isOurs(filter.getName()));
  }

  /** Whether the route has sessions. */
  static boolean on(Route route) {
    return session(route).isPresent();
  }

  /** The route with its session in the filter directly before the router; the same instance if it has none. */
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

  /**
   * Disables the filter instead of removing its configuration: a filter that the initial route has enabled would use
   * the listener's.
   */
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
      return false; // Envoy rejects it
    }
  }
}
