package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.AppProtocol;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.ClusterOrBuilder;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptionsOrBuilder;

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

  /** Makes the cluster speak one version of HTTP, with the settings for it. HTTP/1.1 is the default of no options. */
  static void speak(Cluster.Builder cluster, AppProtocol protocol) {
    if (protocol == AppProtocol.HTTP && !cluster.containsTypedExtensionProtocolOptions(KEY)) {
      return;
    }
    HttpProtocolOptions.Builder options = of(cluster).toBuilder();
    ExplicitHttpConfig.Builder version = ExplicitHttpConfig.newBuilder();
    switch (protocol) {
      case HTTP -> version.setHttpProtocolOptions(http1(options));
      case H2C -> version.setHttp2ProtocolOptions(http2(options));
    }
    cluster.putTypedExtensionProtocolOptions(
        KEY, Any.pack(options.setExplicitHttpConfig(version).build()));
  }

  private static Http1ProtocolOptions http1(HttpProtocolOptionsOrBuilder options) {
    return switch (options.getUpstreamProtocolOptionsCase()) {
      case EXPLICIT_HTTP_CONFIG -> options.getExplicitHttpConfig().getHttpProtocolOptions();
      case USE_DOWNSTREAM_PROTOCOL_CONFIG ->
        options.getUseDownstreamProtocolConfig().getHttpProtocolOptions();
      case AUTO_CONFIG -> options.getAutoConfig().getHttpProtocolOptions();
      case UPSTREAMPROTOCOLOPTIONS_NOT_SET -> Http1ProtocolOptions.getDefaultInstance();
    };
  }

  private static Http2ProtocolOptions http2(HttpProtocolOptionsOrBuilder options) {
    return switch (options.getUpstreamProtocolOptionsCase()) {
      case EXPLICIT_HTTP_CONFIG -> options.getExplicitHttpConfig().getHttp2ProtocolOptions();
      case USE_DOWNSTREAM_PROTOCOL_CONFIG ->
        options.getUseDownstreamProtocolConfig().getHttp2ProtocolOptions();
      case AUTO_CONFIG -> options.getAutoConfig().getHttp2ProtocolOptions();
      case UPSTREAMPROTOCOLOPTIONS_NOT_SET -> Http2ProtocolOptions.getDefaultInstance();
    };
  }
}
