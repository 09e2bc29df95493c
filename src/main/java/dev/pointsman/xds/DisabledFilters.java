package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
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
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps the filters of model routes working (authentication above all). Envoy Gateway lists most filters as
 * {@code disabled} and lets routes switch them on; Envoy decides that on the request's <i>first</i> route, before the
 * model is known, so that a filter of the model's route would silently be skipped. So the first routes instantiate the
 * filter too, with a configuration under which it does nothing unless the request ends on a route that wants it.
 */
final class DisabledFilters {
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

  private final List<HttpFilter> disabled;

  /** The filters that the virtual host's listeners list as disabled. */
  DisabledFilters(List<HttpFilter> disabled) {
    this.disabled = disabled;
  }

  /** Those that a model route switches on. */
  List<HttpFilter> wanted(List<Route> modelRoutes) {
    return disabled.stream()
        .filter(filter -> modelRoutes.stream().anyMatch(route -> switchesOn(route, filter)))
        .toList();
  }

  /**
   * The wanted filters that cannot be there and do nothing, although some routes of the host do not want them. Their
   * model routes must not be served: they would be served without the filter.
   *
   * @param others the host's other routes on which requests for a model may arrive or end
   */
  static List<HttpFilter> impossible(
      List<HttpFilter> wanted, List<Route> modelRoutes, List<Route> others) {
    Predicate<HttpFilter> everywhere =
        filter -> modelRoutes.stream().allMatch(route -> switchesOn(route, filter))
            && others.stream().allMatch(route -> switchesOn(route, filter));
    return wanted.stream()
        .filter(filter -> bystander(filter).isEmpty() && !everywhere.test(filter))
        .toList();
  }

  /** The route with the filters present: as it has them, else doing nothing, else (on our own routes) at work. */
  static Route withPresent(Route route, List<HttpFilter> wanted) {
    List<HttpFilter> missing = new ArrayList<>(wanted);
    missing.removeIf(filter -> route.containsTypedPerFilterConfig(filter.getName()));
    if (missing.isEmpty()) {
      return route;
    }
    Route.Builder present = route.toBuilder();
    missing.forEach(filter ->
        present.putTypedPerFilterConfig(filter.getName(), bystander(filter).orElse(ON)));
    return present.build();
  }

  /** Whether the route switches the filter on. */
  static boolean switchesOn(Route route, HttpFilter filter) {
    Any config = route.getTypedPerFilterConfigMap().get(filter.getName());
    return config != null && !isOff(config);
  }

  private static boolean isOff(Any config) {
    try {
      return config.is(FilterConfig.class) && config.unpack(FilterConfig.class).getDisabled();
    } catch (InvalidProtocolBufferException broken) {
      return false; // Envoy will say so
    }
  }

  private static Optional<Any> bystander(HttpFilter filter) {
    return Optional.ofNullable(BYSTANDERS.get(filter.getTypedConfig().getTypeUrl()));
  }

  private static String type(String message) {
    return "type.googleapis.com/envoy.extensions.filters.http." + message;
  }
}
