package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scripts of Envoy's Lua filter. A listener has their sources by name, and a route names the one that runs. */
final class LuaScripts {
  private LuaScripts() {}

  /** The source of a script. */
  static DataSource source(String script) {
    return DataSource.newBuilder().setInlineString(script).build();
  }

  /**
   * The source of a script from files beside this class, joined, in one line and without the comments, which stand on
   * lines of their own: each listener carries it. It is read at each call.
   */
  static DataSource files(String... names) {
    return source(Stream.of(names).map(LuaScripts::text).collect(Collectors.joining(" ")));
  }

  private static String text(String file) {
    try (InputStream script = Objects.requireNonNull(LuaScripts.class.getResourceAsStream(file))) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("--"))
          .collect(Collectors.joining(" "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The configuration of a route on which the listener's script of this name runs. */
  static Any run(String name) {
    return Any.pack(LuaPerRoute.newBuilder().setName(name).build());
  }
}
