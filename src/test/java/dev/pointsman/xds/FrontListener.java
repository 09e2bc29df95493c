package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;

/** An Envoy with one listener, {@code front}, on any port of this machine. */
final class FrontListener {
  private FrontListener() {}

  /** The serialized bootstrap. */
  static byte[] bootstrap(HttpConnectionManager manager) {
    Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
    Listener.Builder listener =
        bootstrap.getStaticResourcesBuilder().addListenersBuilder().setName("front");
    listener
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("127.0.0.1")
        .setPortValue(0);
    listener.addFilterChains(FilterChain.newBuilder()
        .addFilters(Filter.newBuilder()
            .setName("envoy.filters.network.http_connection_manager")
            .setTypedConfig(Any.pack(manager))));
    return bootstrap.build().toByteArray();
  }
}
