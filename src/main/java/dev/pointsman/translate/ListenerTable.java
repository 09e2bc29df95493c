package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Reuse;
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

/** The listeners of a translation: Envoy Gateway's, with the filters that their routes need, then the loops. */
final class ListenerTable {
  private final List<OriginalListener> originals;

  /** @param listener empty if it cannot be read */
  private record OriginalListener(ByteString bytes, Optional<ReadListener> listener) {}

  /**
   * All listeners of the answer.
   *
   * @param changed the number of Envoy Gateway's listeners that differ from the request's
   */
  record RewrittenListeners(List<ByteString> listeners, int changed) {}

  private ListenerTable(List<OriginalListener> originals) {
    this.originals = originals;
  }

  static ListenerTable read(List<ByteString> listeners, Reuse reuse, Diagnostics diagnostics) {
    List<OriginalListener> originals = new ArrayList<>();
    for (ByteString bytes : listeners) {
      try {
        originals.add(new OriginalListener(bytes, Optional.of(ReadListener.of(bytes, reuse))));
      } catch (InvalidProtocolBufferException unreadable) {
        diagnostics.unreadable("Listener", "number " + originals.size(), unreadable);
        originals.add(new OriginalListener(bytes, Optional.empty()));
      }
    }
    return new ListenerTable(originals);
  }

  /** Facts about the connection managers, by name of the route configuration. */
  Map<String, GatewayFilters> filters(Diagnostics diagnostics) {
    Map<String, GatewayFilters> filters = new HashMap<>();
    for (OriginalListener one : originals) {
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
   * The listeners of the answer.
   *
   * @param needs of route configurations, by name
   * @param mirrors the listeners of mirrored requests, by name
   */
  RewrittenListeners rewrite(
      Map<String, Needs> needs,
      List<Loop> loops,
      Map<String, Listener> mirrors,
      Diagnostics diagnostics) {
    List<ByteString> rewritten = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int changed = 0;
    for (OriginalListener one : originals) {
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
    return new RewrittenListeners(rewritten, changed);
  }

  private static ByteString rewrite(
      OriginalListener one,
      ReadListener listener,
      Map<String, Needs> needs,
      Diagnostics diagnostics) {
    try {
      ReadListener.RewrittenListener rewritten = listener.rewrite(needs);
      diagnostics.addAll(rewritten.diagnostics());
      return rewritten.bytes();
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("Listener", listener.name(), unreadable);
      return one.bytes();
    }
  }
}
