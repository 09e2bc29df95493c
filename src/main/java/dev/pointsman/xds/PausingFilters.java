package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.HeaderSendMode;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Users' filters that must not share a filter chain with a picker: those that hold back a response's headers until they have
 * a response of their own, and those that stream a request's body through a processor.
 *
 * <p>Envoy ends a message when a filter resumes it, if the sender has ended it and no data is buffered. It does not see the
 * data that another ext_proc filter has sent to its processor. So the client gets a whole response without its body, or
 * without the end of it, if the picker is slower than such a filter. In the loop the picker has a filter chain of its own.
 *
 * @param names the filters' names
 */
record PausingFilters(SortedSet<String> names) {
  /** Parts of the types of filters of which only their program knows whether they pause. */
  private static final List<String> PROGRAMS = List.of(".wasm.", ".dynamic_modules.");

  private static final Pattern KINDS =
      Pattern.compile("^envoy\\.filters\\.http\\.(ext_proc|lua|wasm|dynamic_modules)\\b");

  PausingFilters {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
  }

  /**
   * The ones among a listener's filters.
   *
   * @param disabled the listener's filters that are disabled until a route enables them
   */
  static PausingFilters of(List<HttpFilter> disabled) {
    SortedSet<String> names = new TreeSet<>();
    disabled.stream().filter(PausingFilters::pauses).map(HttpFilter::getName).forEach(names::add);
    return new PausingFilters(names);
  }

  private static boolean pauses(HttpFilter filter) {
    try {
      if (filter.getTypedConfig().is(ExternalProcessor.class)) {
        ExternalProcessor processor = filter.getTypedConfig().unpack(ExternalProcessor.class);
        return processor.getAllowModeOverride() || pauses(processor.getProcessingMode());
      }
      if (filter.getTypedConfig().is(Lua.class)) {
        return callsOut(filter.getTypedConfig().unpack(Lua.class));
      }
      return PROGRAMS.stream().anyMatch(filter.getTypedConfig().getTypeUrl()::contains);
    } catch (InvalidProtocolBufferException broken) {
      return false; // Envoy rejects it
    }
  }

  private static boolean pauses(ProcessingMode mode) {
    return mode.getResponseHeaderMode() != HeaderSendMode.SKIP
        || mode.getResponseBodyMode() != BodySendMode.NONE
        || mode.getRequestBodyMode() == BodySendMode.STREAMED
        || mode.getRequestBodyMode() == BodySendMode.FULL_DUPLEX_STREAMED;
  }

  /** Whether a script may wait, in the middle of a response, for a call of its own. */
  @SuppressWarnings("deprecation")
  private static boolean callsOut(Lua lua) {
    // A script may stand in the old field, too.
    return Stream.concat(
            Stream.of(lua.getInlineCode(), text(lua.getDefaultSourceCode())),
            lua.getSourceCodesMap().values().stream().map(PausingFilters::text))
        .anyMatch(code -> code.contains("envoy_on_response") && code.contains("httpCall"));
  }

  private static String text(DataSource source) {
    return source.hasInlineBytes()
        ? source.getInlineBytes().toStringUtf8()
        : source.getInlineString();
  }

  /**
   * Whether one of a route's filters may be one of them, by their names alone.
   *
   * @param filters the names that Envoy Gateway gives to filters
   */
  static boolean mayBeAmong(Collection<String> filters) {
    return filters.stream().anyMatch(name -> KINDS.matcher(name).find());
  }

  /** Whether one of them is on for the route. */
  boolean on(Route route) {
    return names.stream().anyMatch(filter -> BodyProcessors.isOn(route, filter));
  }
}
