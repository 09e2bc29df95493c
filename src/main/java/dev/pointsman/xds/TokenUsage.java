package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Copies the tokens that a response reports into dynamic metadata, which rate limits and access logs read. A script
 * reads the response while it passes. Envoy's {@code json_to_metadata} would hold a response back until its end, and
 * would answer 500 for one above the connection's buffer, as a list of embeddings is. {@code sse_to_metadata} has no
 * configuration for a route, and parses each event.
 *
 * <p>The filter is not {@code disabled} on the listener: Envoy enables such filters by the request's first route, before
 * the model is known.
 */
final class TokenUsage {
  /** The dynamic metadata of a response, with the keys {@code prompt}, {@code completion}, {@code total}, {@code usage}. */
  static final String NAMESPACE = "pointsman.tokens";

  private static final String SCRIPT = "tokens";

  private static final HttpFilter FILTER = HttpFilter.newBuilder()
      .setName(XdsNames.TOKEN_USAGE_FILTER)
      .setTypedConfig(Any.pack(Lua.newBuilder()
          .putSourceCodes(SCRIPT, LuaScripts.files("token-usage.lua"))
          .build()))
      .build();

  private static final Any ON = LuaScripts.run(SCRIPT);

  private TokenUsage() {}

  /** The filter of a listener. It is inactive until a route enables it. */
  static HttpFilter filter() {
    return FILTER;
  }

  /** The route with its responses' tokens counted. */
  static Route on(Route route) {
    return route.toBuilder()
        .putTypedPerFilterConfig(XdsNames.TOKEN_USAGE_FILTER, ON)
        .build();
  }
}
