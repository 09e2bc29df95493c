package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/** Filters of a cluster. Envoy requires its codec as the last of them. */
final class UpstreamFilters {
  private UpstreamFilters() {}

  /** One filter and the codec. */
  static List<HttpFilter> of(String name, Message config) {
    return List.of(
        filter(name, config),
        filter("envoy.filters.http.upstream_codec", UpstreamCodec.getDefaultInstance()));
  }

  private static HttpFilter filter(String name, Message config) {
    return HttpFilter.newBuilder()
        .setName(name)
        .setTypedConfig(Any.pack(config))
        .build();
  }
}
