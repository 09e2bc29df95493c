package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.fuzz.FuzzInput;
import dev.pointsman.fuzz.LuaText;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A name in a script is a literal that Lua reads as the name's bytes, and nothing else in the script changes. */
public final class LuaTextFuzz {
  private static final String CALL = "write_model(handle, ";
  private static final String BETWEEN = ") end";

  /** The script around the name. */
  private static final String BEFORE = before(script("x"));

  private LuaTextFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    String name = new FuzzInput(bytes).restAsText();
    String script = script(name);
    if (!script.startsWith(BEFORE)) {
      throw new AssertionError("the name changes the script in front of it");
    }
    String rest = script.substring(BEFORE.length());
    LuaText literal = LuaText.read(rest);
    if (!literal.hasBytes(name.getBytes(StandardCharsets.UTF_8))) {
      throw new AssertionError("Lua reads another name");
    }
    if (!rest.substring(literal.end()).equals(BETWEEN)) {
      throw new AssertionError("the name ends its literal");
    }
  }

  private static String before(String script) {
    return script.substring(0, script.lastIndexOf(CALL) + CALL.length());
  }

  private static String script(String name) {
    List<HttpFilter> filters = OtherNames.filters(name);
    try {
      for (HttpFilter filter : filters) {
        if (filter.getTypedConfig().is(Lua.class)) {
          return filter
              .getTypedConfig()
              .unpack(Lua.class)
              .getDefaultSourceCode()
              .getInlineString();
        }
      }
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
    throw new AssertionError("no script among " + filters);
  }
}
