package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.ClusterOrBuilder;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;

/** The options of HTTP in a cluster. */
final class HttpOptions {
  static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  private HttpOptions() {}

  /** The cluster's options; without any, the default. */
  static HttpProtocolOptions of(ClusterOrBuilder cluster) {
    Any current = cluster.getTypedExtensionProtocolOptionsOrDefault(KEY, Any.getDefaultInstance());
    try {
      return current.is(HttpProtocolOptions.class)
          ? current.unpack(HttpProtocolOptions.class)
          : HttpProtocolOptions.getDefaultInstance();
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalArgumentException(
          "HttpProtocolOptions of cluster " + cluster.getName(), broken);
    }
  }
}
