package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.ListenerFilters;
import dev.pointsman.xds.ListenerFilters.Needs;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A listener, and what became of it the last time. */
final class CachedListener {
  private final ByteString bytes;
  private final Listener listener;
  private volatile @Nullable Map<String, GatewayFilters> filters;
  private final LastValueMemo<Map<String, Needs>, Rewritten> rewritten = new LastValueMemo<>();

  /**
   * A rewritten listener.
   *
   * @param diagnostics what there is to say about it
   */
  record Rewritten(ByteString bytes, List<Diagnostic> diagnostics) {}

  /** @param bytes must not share the memory of the message that they came with, which the listener outlives */
  CachedListener(ByteString bytes) throws InvalidProtocolBufferException {
    this.bytes = bytes;
    listener = Listener.parseFrom(bytes);
  }

  ByteString bytes() {
    return bytes;
  }

  String name() {
    return listener.getName();
  }

  /** Facts about its connection managers, by route configuration's name. */
  Map<String, GatewayFilters> filters() throws InvalidProtocolBufferException {
    Map<String, GatewayFilters> known = filters;
    if (known == null) {
      known = ListenerFilters.gatewayFilters(listener);
      filters = known;
    }
    return known;
  }

  /**
   * What becomes of it.
   *
   * @param needs of all route configurations, by name
   */
  Rewritten rewritten(Map<String, Needs> needs) throws InvalidProtocolBufferException {
    return rewritten.of(needs, () -> {
      ListenerFilters.Rewritten result = ListenerFilters.rewrite(listener, needs);
      return new Rewritten(
          result.listener().equals(listener) ? bytes : result.listener().toByteString(),
          result.diagnostics());
    });
  }

  /** The memory that it takes, roughly, in bytes. */
  long size() {
    return 4L * bytes.size();
  }
}
