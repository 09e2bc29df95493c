package dev.pointsman.xds;

import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/**
 * Treats the end of a picker's stream as a failure, whatever its status, unless the picker has returned the whole
 * request and has received no byte of a response. ext_proc treats status 0 as "no changes" and continues without the
 * bytes that the picker still holds: pods would get half a request, and clients half a response. Pickers end their
 * streams after the request if they do not read the response of an API.
 */
final class UnfinishedPickers {
  private static final List<HttpFilter> FILTERS = UpstreamFilters.of(
      XdsNames.UNFINISHED_FILTER,
      Lua.newBuilder().setDefaultSourceCode(LuaScripts.files("picker-end.lua")).build());

  private UnfinishedPickers() {}

  /** The filters of a picker's cluster. */
  static List<HttpFilter> filters() {
    return FILTERS;
  }
}
