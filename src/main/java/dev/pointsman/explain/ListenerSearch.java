package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The listeners and connection managers of a translation. */
final class ListenerSearch {
  private final GatewayXds xds;

  ListenerSearch(GatewayXds xds) {
    this.xds = xds;
  }

  /** A listener's connection manager with its routes. */
  record Entrance(Listener listener, HttpConnectionManager manager, RouteConfiguration routes) {}

  /** The entrances for clients that the request may mean. */
  List<Entrance> of(AskedRequest request) throws InvalidProtocolBufferException {
    List<Entrance> all = new ArrayList<>();
    for (Listener listener : xds.listeners()) {
      if (listener.getAddress().hasSocketAddress() && isMeant(request.listener(), listener)) {
        Optional<FilterChain> chain = chain(listener, request.hostName());
        if (chain.isPresent()) {
          entrance(listener, chain.get()).ifPresent(all::add);
        }
      }
    }
    return all;
  }

  /** The entrances for clients: the connection managers of all filter chains, one for each route configuration. */
  List<Entrance> all() throws InvalidProtocolBufferException {
    Map<String, Entrance> all = new LinkedHashMap<>();
    for (Listener listener : xds.listeners()) {
      if (listener.getAddress().hasSocketAddress()) {
        for (FilterChain chain : chains(listener)) {
          entrance(listener, chain)
              .ifPresent(
                  one -> all.putIfAbsent(listener.getName() + " " + one.routes().getName(), one));
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static List<FilterChain> chains(Listener listener) {
    List<FilterChain> chains = new ArrayList<>(listener.getFilterChainsList());
    if (listener.hasDefaultFilterChain()) {
      chains.add(listener.getDefaultFilterChain());
    }
    return chains;
  }

  /** The entrance of a loop, by its socket. */
  Optional<Entrance> at(String pipe) throws InvalidProtocolBufferException {
    for (Listener listener : xds.listeners()) {
      if (!pipe.isEmpty() && listener.getAddress().getPipe().getPath().equals(pipe)) {
        return entrance(listener, listener.getFilterChains(0));
      }
    }
    return Optional.empty();
  }

  private static boolean isMeant(String wanted, Listener listener) {
    int port = listener.getAddress().getSocketAddress().getPortValue();
    return wanted.isEmpty()
        || wanted.equals(listener.getName())
        || wanted.equals(Integer.toString(port))
        || listener.getName().endsWith("/" + wanted);
  }

  /** The chain for the server name that a client of TLS sends, which is the host. */
  private static Optional<FilterChain> chain(Listener listener, String host) {
    int longest = -1;
    Optional<FilterChain> found = Optional.empty();
    for (FilterChain chain : listener.getFilterChainsList()) {
      List<String> names = chain.getFilterChainMatch().getServerNamesList();
      if (names.isEmpty() && longest < 0) {
        longest = 0;
        found = Optional.of(chain);
      }
      for (String name : names) {
        boolean isMatch =
            name.equals(host) || name.startsWith("*.") && host.endsWith(name.substring(1));
        if (isMatch && name.length() > longest) {
          longest = name.length();
          found = Optional.of(chain);
        }
      }
    }
    return found.or(() -> listener.hasDefaultFilterChain()
        ? Optional.of(listener.getDefaultFilterChain())
        : Optional.empty());
  }

  private Optional<Entrance> entrance(Listener listener, FilterChain chain)
      throws InvalidProtocolBufferException {
    for (Filter filter : chain.getFiltersList()) {
      if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
        HttpConnectionManager manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
        if (manager.hasRds()) {
          RouteConfiguration none = RouteConfiguration.getDefaultInstance();
          return Optional.of(new Entrance(
              listener,
              manager,
              xds.routes().getOrDefault(manager.getRds().getRouteConfigName(), none)));
        }
      }
    }
    return Optional.empty();
  }
}
