package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;

/** Scripts of Envoy's Lua filter. A listener has their sources by name, and a route names the one that runs. */
final class LuaScripts {
  private LuaScripts() {}

  /** The source of a script. */
  static DataSource source(String script) {
    return DataSource.newBuilder().setInlineString(script).build();
  }

  /** The configuration of a route on which the listener's script of this name runs. */
  static Any run(String name) {
    return Any.pack(LuaPerRoute.newBuilder().setName(name).build());
  }
}
