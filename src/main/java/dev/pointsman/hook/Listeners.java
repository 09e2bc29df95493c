package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.ListenerFilters;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The listeners of a translation: Envoy Gateway's, with the filters that their routes need, and our loops. */
final class Listeners {
  private final List<Given> given;

  private record Given(ByteString bytes, Optional<Listener> listener) {}

  private Listeners(List<Given> given) {
    this.given = given;
  }

  static Listeners read(List<ByteString> listeners, Diagnostics diagnostics) {
    List<Given> given = new ArrayList<>();
    for (ByteString bytes : listeners) {
      try {
        given.add(new Given(bytes, Optional.of(Listener.parseFrom(bytes))));
      } catch (InvalidProtocolBufferException unreadable) {
        diagnostics.unreadable("Listener", "number " + given.size(), unreadable);
        given.add(new Given(bytes, Optional.empty()));
      }
    }
    return new Listeners(given);
  }

  /** The filters that are disabled until a route switches them on, by route configuration's name. */
  Map<String, List<HttpFilter>> disabledFilters(Diagnostics diagnostics) {
    Map<String, List<HttpFilter>> disabled = new HashMap<>();
    for (Given one : given) {
      one.listener().ifPresent(listener -> {
        try {
          ListenerFilters.disabledFilters(listener)
              .forEach((name, filters) ->
                  disabled.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(filters));
        } catch (InvalidProtocolBufferException unreadable) {
          diagnostics.unreadable("Listener", listener.getName(), unreadable);
        }
      });
    }
    return disabled;
  }

  List<ByteString> rewrite(
      Map<String, Needs> needs,
      Set<String> loops,
      Map<String, Listener> mirrors,
      Memo memo,
      Diagnostics diagnostics) {
    List<ByteString> rewritten = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Given one : given) {
      one.listener().ifPresent(listener -> names.add(listener.getName()));
      rewritten.add(one.listener()
          .map(listener -> rewrite(one, listener, needs, memo, diagnostics))
          .orElse(one.bytes()));
    }
    for (String loop : loops) {
      if (names.add(XdsNames.largeBodies(loop))) {
        rewritten.add(LargeBodies.listener(loop).toByteString());
      }
    }
    mirrors.forEach((name, listener) -> {
      if (names.add(name)) {
        rewritten.add(listener.toByteString());
      }
    });
    return rewritten;
  }

  private static ByteString rewrite(
      Given one, Listener listener, Map<String, Needs> needs, Memo memo, Diagnostics diagnostics) {
    try {
      return memo.listener(one.bytes(), needs, () -> {
        Listener result = ListenerFilters.rewrite(listener, needs);
        return result.equals(listener) ? one.bytes() : result.toByteString();
      });
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("Listener", listener.getName(), unreadable);
      return one.bytes();
    }
  }
}
