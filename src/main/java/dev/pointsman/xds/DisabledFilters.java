package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the filters of model routes effective, above all authentication. Envoy Gateway lists most filters as {@code
 * disabled} and lets routes enable them. Envoy decides this by the request's <i>first</i> route, before the model is
 * known, and would silently skip a filter of the model's route. So the initial routes enable the filter too, with an
 * inert configuration that has no effect unless the final route enables it. A filter without such a configuration is
 * enabled or disabled for all requests on a path; {@link FilterContest} decides this.
 */
final class DisabledFilters {
  /** The configuration of an authorizer that a route does not ask. */
  static final Any NOT_ASKED =
      Any.pack(ExtAuthzPerRoute.newBuilder().setDisabled(true).build());

  /** Inert configurations, by the filter's type. */
  private static final Map<String, Any> INERT_CONFIGS = Map.of(
      type("ext_authz.v3.ExtAuthz"), NOT_ASKED,
      type("ext_proc.v3.ExternalProcessor"),
          Any.pack(ExtProcPerRoute.newBuilder().setDisabled(true).build()),
      type("lua.v3.Lua"), Any.pack(LuaPerRoute.newBuilder().setDisabled(true).build()),
      type("buffer.v3.Buffer"),
          Any.pack(BufferPerRoute.newBuilder().setDisabled(true).build()),
      type("compressor.v3.Compressor"),
          Any.pack(CompressorPerRoute.newBuilder().setDisabled(true).build()),
      type("stateful_session.v3.StatefulSession"),
          Any.pack(StatefulSessionPerRoute.newBuilder().setDisabled(true).build()),
      type("bandwidth_limit.v3.BandwidthLimit"),
          Any.pack(BandwidthLimit.newBuilder().setStatPrefix("pointsman").build()));

  /** Enables a filter with the listener's configuration. */
  static final Any ON =
      Any.pack(FilterConfig.newBuilder().setConfig(Any.getDefaultInstance()).build());

  private DisabledFilters() {}

  /**
   * The names of the filters without an inert configuration.
   *
   * @param disabled the filters that the host's listeners list as disabled
   */
  static Set<String> exclusive(List<HttpFilter> disabled) {
    Set<String> exclusive = new TreeSet<>();
    for (HttpFilter filter : disabled) {
      if (!INERT_CONFIGS.containsKey(filter.getTypedConfig().getTypeUrl())
          && !ResponseOverrides.belongsToPolicy(filter)) {
        exclusive.add(filter.getName());
      }
    }
    return exclusive;
  }

  /**
   * The inert configurations of the other filters that the host's routes enable, by name.
   *
   * @param disabled the filters that the host's listeners list as disabled
   */
  static Map<String, Any> inertConfigs(List<HttpFilter> disabled, InitialRoutes initialRoutes) {
    Map<String, Any> inertConfigs = new TreeMap<>();
    for (HttpFilter filter : disabled) {
      @Nullable Any bystander = INERT_CONFIGS.get(filter.getTypedConfig().getTypeUrl());
      if (bystander != null && initialRoutes.useAny(Set.of(filter.getName()))) {
        inertConfigs.put(filter.getName(), bystander);
      }
    }
    return inertConfigs;
  }

  /** The route with the configurations of filters that it does not configure itself. */
  static Route withFilters(Route route, Map<String, Any> filters) {
    if (filters.isEmpty()) {
      return route;
    }
    Route.Builder present = route.toBuilder();
    filters.forEach((name, config) -> {
      if (!route.containsTypedPerFilterConfig(name)) {
        present.putTypedPerFilterConfig(name, config);
      }
    });
    return present.build();
  }

  private static String type(String message) {
    return "type.googleapis.com/envoy.extensions.filters.http." + message;
  }
}
