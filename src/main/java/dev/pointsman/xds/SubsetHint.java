package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Tells a picker the endpoints from which it must choose, as the endpoint picker protocol defines it. Endpoint discovery
 * has them in the metadata of the loop's socket, so that a pod changes no route, cluster or listener. The cluster of the
 * loop copies them into a header, and a script in the loop moves them to the metadata that the picker receives.
 */
final class SubsetHint {
  /** The metadata namespace of the hint, according to the endpoint picker protocol. */
  static final String NAMESPACE = "envoy.lb.subset_hint";

  static final String HEADER = "x-pointsman-subset";

  private static final String SCRIPT = "hint";

  private static final OpenAiError EMPTY = OpenAiError.of(
      503, "no_endpoints_in_subset", "No server of the model is available in its subset.");

  private SubsetHint() {}

  /** The change of a request on its way to the socket. */
  static HeaderMutation toHeader() {
    return HeaderMutation.newBuilder()
        .setAppend(Protos.header(
                HEADER,
                "%UPSTREAM_METADATA(" + XdsNames.METADATA + ":" + SubsetResource.ENDPOINTS + ")%")
            .toBuilder()
            .setKeepEmptyValue(true))
        .build();
  }

  /** The filter of the loop's listener before the picker's. It is inactive until a route enables it. */
  static HttpFilter filter() {
    String source = "local refusal = [=[" + EMPTY.json() + "]=] "
        + LuaScripts.files("subset-hint.lua").getInlineString();
    Lua script = Lua.newBuilder()
        .putSourceCodes(SCRIPT, LuaScripts.source(source))
        .setClearRouteCache(Protos.bool(false)) // the token is gone
        .build();
    return HttpFilter.newBuilder()
        .setName(XdsNames.SUBSET_FILTER)
        .setTypedConfig(Any.pack(script))
        .build();
  }

  /** The configuration that enables the filter on a route or a weighted cluster with a picker: others need no hint. */
  static Any on() {
    return LuaScripts.run(SCRIPT);
  }
}
