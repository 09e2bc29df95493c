package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.custom_response.v3.CustomResponse;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Answers that a route replaces (a BackendTrafficPolicy's {@code responseOverride}). Envoy Gateway makes a filter for each
 * policy, with the policy's rules, and routes switch it on. The filter falls back to its own rules on a route that has
 * none: where it is there because of a request's first route, it would replace the answers of whatever route the request
 * ends on. So on routes that requests reach by their model the rules move to one filter of ours without any of its own.
 */
final class ResponseOverrides {
  private ResponseOverrides() {}

  /** The filter of a listener; it does nothing by itself. */
  static HttpFilter filter() {
    return HttpFilter.newBuilder()
        .setName(XdsNames.RESPONSE_OVERRIDE_FILTER)
        .setTypedConfig(Any.pack(CustomResponse.getDefaultInstance()))
        .build();
  }

  /** Whether it is a policy's filter. */
  static boolean belongsToPolicy(HttpFilter filter) {
    return filter.getTypedConfig().is(CustomResponse.class) && !XdsNames.isOurs(filter.getName());
  }

  /** The rules of policies among a listener's filters, by filter's name. */
  static SortedMap<String, Any> of(List<HttpFilter> filters) {
    SortedMap<String, Any> rules = new TreeMap<>();
    filters.stream()
        .filter(ResponseOverrides::belongsToPolicy)
        .forEach(filter -> rules.put(filter.getName(), filter.getTypedConfig()));
    return rules;
  }

  /** The route with its policy's rules in our filter; the same instance if it has none. */
  static Route moved(Route route, Map<String, Any> rules) {
    return rules.entrySet().stream()
        .filter(policy -> route.containsTypedPerFilterConfig(policy.getKey())
            && !Gates.isOff(route.getTypedPerFilterConfigOrThrow(policy.getKey())))
        .findFirst()
        .map(policy -> route.toBuilder()
            .removeTypedPerFilterConfig(policy.getKey())
            .putTypedPerFilterConfig(XdsNames.RESPONSE_OVERRIDE_FILTER, policy.getValue())
            .build())
        .orElse(route);
  }
}
