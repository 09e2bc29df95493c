package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loop for copies of requests, in which the mirror pool's own picker chooses.
 *
 * @param pipe its socket
 * @param cluster the one that it leads to
 */
record MirrorLoop(String pipe, String cluster) {
  /** The loops among the listeners: those on a socket with a route of their own. */
  static List<MirrorLoop> of(List<Listener> listeners) {
    List<MirrorLoop> loops = new ArrayList<>();
    for (Listener listener : listeners) {
      if (listener.getAddress().hasPipe()) {
        route(listener)
            .ifPresent(route -> loops.add(new MirrorLoop(
                listener.getAddress().getPipe().getPath(), route.getRoute().getCluster())));
      }
    }
    return loops;
  }

  private static Optional<Route> route(Listener listener) {
    return listener.getFilterChains(0).getFiltersList().stream()
        .flatMap(filter -> manager(filter).stream())
        .flatMap(manager -> manager.getRouteConfig().getVirtualHostsList().stream())
        .flatMap(host -> host.getRoutesList().stream())
        .findFirst();
  }

  private static Optional<HttpConnectionManager> manager(Filter filter) {
    try {
      return filter.getTypedConfig().is(HttpConnectionManager.class)
          ? Optional.of(filter.getTypedConfig().unpack(HttpConnectionManager.class))
          : Optional.empty();
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty(); // the pool is not named
    }
  }
}
