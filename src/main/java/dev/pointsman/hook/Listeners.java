package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.ListenerFilters.Needs;
import io.envoyproxy.envoy.config.listener.v3.Listener;
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
  private int changed;

  private record Given(ByteString bytes, Optional<CachedListener> listener) {}

  private Listeners(List<Given> given) {
    this.given = given;
  }

  static Listeners read(
      List<ByteString> listeners, CachedTranslation cached, Diagnostics diagnostics) {
    List<Given> given = new ArrayList<>();
    for (ByteString bytes : listeners) {
      try {
        given.add(new Given(bytes, Optional.of(cached.listener(bytes))));
      } catch (InvalidProtocolBufferException unreadable) {
        diagnostics.unreadable("Listener", "number " + given.size(), unreadable);
        given.add(new Given(bytes, Optional.empty()));
      }
    }
    return new Listeners(given);
  }

  /** Facts about their connection managers, by route configuration's name. */
  Map<String, GatewayFilters> filters(Diagnostics diagnostics) {
    Map<String, GatewayFilters> filters = new HashMap<>();
    for (Given one : given) {
      one.listener().ifPresent(listener -> {
        try {
          listener.filters().forEach((name, own) -> filters.merge(name, own, GatewayFilters::and));
        } catch (InvalidProtocolBufferException unreadable) {
          diagnostics.unreadable("Listener", listener.name(), unreadable);
        }
      });
    }
    return filters;
  }

  /**
   * All listeners.
   *
   * @param needs of route configurations, by name
   * @param mirrors those of mirrored requests, by name
   */
  List<ByteString> rewrite(
      Map<String, Needs> needs,
      List<Loop> loops,
      Map<String, Listener> mirrors,
      Diagnostics diagnostics) {
    List<ByteString> rewritten = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Given one : given) {
      one.listener().ifPresent(listener -> names.add(listener.name()));
      ByteString result = one.listener()
          .map(listener -> rewrite(one, listener, needs, diagnostics))
          .orElse(one.bytes());
      changed += result.equals(one.bytes()) ? 0 : 1;
      rewritten.add(result);
    }
    for (Loop loop : loops) {
      if (names.add(loop.name())) {
        rewritten.add(loop.listener());
      }
    }
    mirrors.forEach((name, listener) -> {
      if (names.add(name)) {
        rewritten.add(listener.toByteString());
      }
    });
    return rewritten;
  }

  /** How many of Envoy Gateway's listeners the last rewrite has changed. */
  int changed() {
    return changed;
  }

  private static ByteString rewrite(
      Given one, CachedListener listener, Map<String, Needs> needs, Diagnostics diagnostics) {
    try {
      CachedListener.Rewritten rewritten = listener.rewritten(needs);
      diagnostics.addAll(rewritten.diagnostics());
      return rewritten.bytes();
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("Listener", listener.name(), unreadable);
      return one.bytes();
    }
  }
}
