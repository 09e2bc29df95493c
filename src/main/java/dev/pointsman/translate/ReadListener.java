package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Memo;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.wire.Bytes;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.ListenerFilters;
import dev.pointsman.xds.ListenerFilters.Needs;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A decoded listener of Envoy Gateway. */
final class ReadListener {
  private final ByteString bytes;
  private final Listener listener;
  private final Memo<Map<String, Needs>, RewrittenListener> rewritten;
  private volatile @Nullable Map<String, GatewayFilters> filters;

  /** A listener with the filters that its routes need. */
  record RewrittenListener(ByteString bytes, List<Diagnostic> diagnostics) {}

  private ReadListener(ByteString bytes, Reuse reuse) throws InvalidProtocolBufferException {
    this.bytes = bytes;
    listener = Listener.parseFrom(bytes);
    rewritten = reuse.memo(Places.REWRITTEN_LISTENERS);
  }

  /**
   * Decodes a listener, or reuses the last translation's if its bytes are equal.
   *
   * @throws InvalidProtocolBufferException if the bytes are no listener
   */
  static ReadListener of(ByteString bytes, Reuse reuse) throws InvalidProtocolBufferException {
    ReadListener last = reuse.last(Places.LISTENERS, bytes);
    ReadListener listener = last == null ? new ReadListener(Bytes.copy(bytes), reuse) : last;
    reuse.keep(Places.LISTENERS, listener.bytes, listener, 4L * bytes.size());
    return listener;
  }

  String name() {
    return listener.getName();
  }

  /**
   * Facts about its connection managers, by name of the route configuration.
   *
   * @throws InvalidProtocolBufferException if a connection manager cannot be read
   */
  Map<String, GatewayFilters> filters() throws InvalidProtocolBufferException {
    Map<String, GatewayFilters> current = filters;
    if (current == null) {
      current = ListenerFilters.gatewayFilters(listener);
      filters = current;
    }
    return current;
  }

  /**
   * The listener with the filters that its routes need.
   *
   * @param needs of all route configurations, by name
   * @throws InvalidProtocolBufferException if a connection manager cannot be read
   */
  RewrittenListener rewrite(Map<String, Needs> needs) throws InvalidProtocolBufferException {
    return rewritten.of(needs, () -> {
      ListenerFilters.Rewritten result = ListenerFilters.rewrite(listener, needs);
      return new RewrittenListener(
          result.listener().equals(listener) ? bytes : result.listener().toByteString(),
          result.diagnostics());
    });
  }
}
