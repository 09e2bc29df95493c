package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.custom_response.v3.CustomResponse;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the filters of model routes working (authentication above all). Envoy Gateway lists most filters as
 * {@code disabled} and lets routes switch them on; Envoy decides that on the request's <i>first</i> route, before the
 * model is known, so that a filter of the model's route would silently be skipped. So the first routes instantiate the
 * filter too, with a configuration under which it does nothing unless the request ends on a route that wants it.
 *
 * @param present filters that have to be present on every route that a request for a model may meet, and the
 *     configuration with which each does nothing (or, where all routes of the host want it, is on)
 * @param impossible the names of filters that cannot be present and do nothing, although some routes do not want them:
 *     model routes that want them must not be served, since they would be served without the filter
 */
record DisabledFilters(Map<String, Any> present, List<String> impossible) {
  static final DisabledFilters NONE = new DisabledFilters(Map.of(), List.of());

  /** Configurations with which a filter is there and does nothing, by the filter's type. */
  private static final Map<String, Any> BYSTANDERS = Map.of(
      type("ext_authz.v3.ExtAuthz"),
          Any.pack(ExtAuthzPerRoute.newBuilder().setDisabled(true).build()),
      type("ext_proc.v3.ExternalProcessor"),
          Any.pack(ExtProcPerRoute.newBuilder().setDisabled(true).build()),
      type("lua.v3.Lua"), Any.pack(LuaPerRoute.newBuilder().setDisabled(true).build()),
      type("buffer.v3.Buffer"),
          Any.pack(BufferPerRoute.newBuilder().setDisabled(true).build()),
      type("compressor.v3.Compressor"),
          Any.pack(CompressorPerRoute.newBuilder().setDisabled(true).build()),
      type("stateful_session.v3.StatefulSession"),
          Any.pack(StatefulSessionPerRoute.newBuilder().setDisabled(true).build()),
      type("custom_response.v3.CustomResponse"), Any.pack(CustomResponse.getDefaultInstance()),
      type("bandwidth_limit.v3.BandwidthLimit"),
          Any.pack(BandwidthLimit.newBuilder().setStatPrefix("pointsman").build()));

  private static final Any ON =
      Any.pack(FilterConfig.newBuilder().setConfig(Any.getDefaultInstance()).build());

  /**
   * Decides for a virtual host.
   *
   * @param disabled the filters that the host's listeners list as disabled
   * @param models its model routes
   * @param arrivals its other routes on which requests for a model may arrive
   */
  static DisabledFilters decide(
      List<HttpFilter> disabled, List<RouteFacts> models, List<RouteFacts> arrivals) {
    Map<String, Any> present = new TreeMap<>();
    List<String> impossible = new ArrayList<>();
    for (HttpFilter filter : disabled) {
      String name = filter.getName();
      if (models.stream().noneMatch(route -> route.filters().contains(name))) {
        continue;
      }
      @Nullable Any bystander = BYSTANDERS.get(filter.getTypedConfig().getTypeUrl());
      if (bystander != null) {
        present.put(name, bystander);
      } else if (wants(models, name) && wants(arrivals, name)) {
        present.put(name, ON); // only our own routes lack it
      } else {
        impossible.add(name);
      }
    }
    return new DisabledFilters(present, impossible);
  }

  private static boolean wants(List<RouteFacts> routes, String filter) {
    return routes.stream().allMatch(route -> route.filters().contains(filter));
  }

  /** The route with the filters present that it does not configure itself. */
  static Route withPresent(Route route, Map<String, Any> filters) {
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
