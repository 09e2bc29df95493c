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
 * Responses that a route replaces (a BackendTrafficPolicy's {@code responseOverride}). Envoy Gateway makes a filter
 * with the rules of each policy, which routes enable. On a route without own rules the filter applies the policy's:
 * enabled by the initial route, it would also replace the responses of the final route. So on routes with models the
 * rules move to an added filter that has no rules of its own.
 */
final class ResponseOverrides {
  private ResponseOverrides() {}

  /** The filter of a listener. It has no effect until a route configures it. */
  static HttpFilter filter() {
    return HttpFilter.newBuilder()
        .setName(XdsNames.RESPONSE_OVERRIDE_FILTER)
        .setTypedConfig(Any.pack(CustomResponse.getDefaultInstance()))
        .build();
  }

  /** Whether the filter belongs to a policy. */
  static boolean belongsToPolicy(HttpFilter filter) {
    return filter.getTypedConfig().is(CustomResponse.class) && !XdsNames.isOurs(filter.getName());
  }

  /** The rules of policies among a listener's filters, by the filter's name. */
  static SortedMap<String, Any> of(List<HttpFilter> filters) {
    SortedMap<String, Any> rules = new TreeMap<>();
    filters.stream()
        .filter(ResponseOverrides::belongsToPolicy)
        .forEach(filter -> rules.put(filter.getName(), filter.getTypedConfig()));
    return rules;
  }

  /** The route with its policy's rules in the added filter; the same instance if it has none. */
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
