package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Map;

/**
 * Keeps a picker from sending requests to a host that Envoy has ejected. {@code override_host} ignores the health of
 * the picker's hosts; Lua's {@code setUpstreamOverrideHost} does not. So a script sets the first host of the picker's
 * list, and leaves the rest of the list to {@code override_host} for retries. It costs some 30 µs for each request and
 * runs only on routes whose hosts can be ejected.
 */
final class EjectionAwareHostOverride {
  private static final String SCRIPT = "first-pick";
  private static final String SERVED_SCRIPT = "served";

  /** The dynamic metadata with the picker's whole list, of which the script takes the first host. */
  static final String PICKED_NAMESPACE = "pointsman.pick";

  static final String PICKED = "picked";

  /** Carries the address of the used host from the response to the script. */
  private static final String SERVED_HEADER = "x-pointsman-served";

  private static final String SERVED_SOURCE =
      """
      function envoy_on_response(handle)
        local served = handle:headers():get("%1$s")
        if not served then return end
        handle:streamInfo():dynamicMetadata():set("%2$s", "%3$s", served)
        handle:headers():remove("%1$s")
      end
      """.formatted(SERVED_HEADER, XdsNames.LB_NAMESPACE, XdsNames.SERVED_KEY);

  private static final String SOURCE =
      """
      function envoy_on_request(handle)
        local headers = handle:headers()
        local picks = headers:get("%1$s")
        if not picks then return end
        local first, rest = string.match(picks, "^%%s*([^,%%s]+)%%s*,?%%s*(.*)$")
        if not first then return end
        handle:setUpstreamOverrideHost(first, false)
        handle:streamInfo():dynamicMetadata():set("%2$s", "%3$s", picks)
        if rest ~= "" then headers:replace("%1$s", rest) else headers:remove("%1$s") end
      end
      """.formatted(XdsNames.DESTINATION_HEADER, PICKED_NAMESPACE, PICKED) + SERVED_SOURCE;

  private EjectionAwareHostOverride() {}

  /** The filters of a listener, in their order after the picker's. They are inactive until a route enables them. */
  static List<HttpFilter> filters() {
    Lua script = Lua.newBuilder()
        .putSourceCodes(SCRIPT, LuaScripts.source(SOURCE))
        .putSourceCodes(SERVED_SCRIPT, LuaScripts.source(SERVED_SOURCE))
        // Otherwise Envoy selects the route again, by headers that the picker may have changed.
        .setClearRouteCache(Protos.bool(false))
        .build();
    return List.of(
        filter(XdsNames.FIRST_PICK_FILTER, Any.pack(script)),
        filter(
            XdsNames.SERVED_FILTER,
            Any.pack(io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                .getDefaultInstance())));
  }

  /** The configurations that enable the filters on a route or a weighted cluster. */
  static Map<String, Any> on() {
    return running(SCRIPT);
  }

  /**
   * The configurations of the script that only reports the used host to the picker, for routes on which another filter
   * than {@code override_host} may choose the host.
   */
  static Map<String, Any> reportServedHost() {
    return running(SERVED_SCRIPT);
  }

  private static Map<String, Any> running(String script) {
    HeaderMutation served = HeaderMutation.newBuilder()
        .setAppend(Protos.header(SERVED_HEADER, "%UPSTREAM_REMOTE_ADDRESS%"))
        .build();
    HeaderMutationPerRoute mutation = HeaderMutationPerRoute.newBuilder()
        .setMutations(Mutations.newBuilder().addResponseMutations(served))
        .build();
    return Map.of(
        XdsNames.FIRST_PICK_FILTER, LuaScripts.run(script),
        XdsNames.SERVED_FILTER, Any.pack(mutation));
  }

  private static HttpFilter filter(String name, Any config) {
    return HttpFilter.newBuilder().setName(name).setTypedConfig(config).build();
  }
}
