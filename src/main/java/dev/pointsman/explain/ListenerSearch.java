package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.xds.GatewaySection;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SocketAddress.Protocol;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
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

  /**
   * A listener's connection manager with its routes.
   *
   * @param host the one that a request without a host is taken to ask for
   * @param isSecure whether connections to it are encrypted
   */
  record Entrance(
      Listener listener,
      HttpConnectionManager manager,
      RouteConfiguration routes,
      String host,
      boolean isSecure) {
    private Entrance withHost(String other) {
      return new Entrance(listener, manager, routes, other, isSecure);
    }
  }

  /** The entrances for clients that the request may mean. */
  List<Entrance> of(AskedRequest request) throws InvalidProtocolBufferException {
    List<Entrance> all = new ArrayList<>();
    for (Listener listener : xds.listeners()) {
      if (listener.getAddress().hasSocketAddress()) {
        List<Entrance> meant = meant(request.listener(), listener);
        if (request.host().isEmpty()) {
          meant.stream().findFirst().ifPresent(all::add);
        } else if (!meant.isEmpty()) {
          Optional<FilterChain> chain = chain(listener, request.hostName());
          if (chain.isPresent()) {
            entrance(listener, chain.get()).ifPresent(all::add);
          }
        }
      }
    }
    return chosen(all, request.listener());
  }

  /**
   * The entrances of the listener with this very name, if there is one: several of Envoy's listeners may have chains of one
   * name. Otherwise a listener for HTTP/3 is left out beside that of its port for TCP, which has the same routes.
   */
  private static List<Entrance> chosen(List<Entrance> all, String name) {
    List<Entrance> named =
        all.stream().filter(one -> one.listener().getName().equals(name)).toList();
    return named.isEmpty()
        ? all.stream()
            .filter(one -> all.stream().noneMatch(other -> isForHttp3Beside(one, other)))
            .toList()
        : named;
  }

  private static boolean isForHttp3Beside(Entrance one, Entrance other) {
    SocketAddress address = one.listener().getAddress().getSocketAddress();
    SocketAddress beside = other.listener().getAddress().getSocketAddress();
    return address.getProtocol() == Protocol.UDP
        && beside.getProtocol() == Protocol.TCP
        && address.getPortValue() == beside.getPortValue();
  }

  /**
   * The entrances of one of Envoy's listeners that a name or a port means, those of the Gateway's listener of this name
   * first: Envoy has one listener for all of a port, with the name of the first.
   */
  private List<Entrance> meant(String wanted, Listener listener)
      throws InvalidProtocolBufferException {
    List<Entrance> ofName = new ArrayList<>();
    List<Entrance> all = new ArrayList<>();
    for (FilterChain chain : chains(listener)) {
      Optional<Entrance> entrance = entrance(listener, chain);
      if (entrance.isPresent()) {
        boolean isNamed = isName(wanted, chain.getName());
        Optional<String> host = entrance.get().routes().getVirtualHostsList().stream()
            .filter(one -> isNamed || isOf(wanted, one))
            .map(one -> HostSearch.host(one, chain.getFilterChainMatch()))
            .findFirst();
        if (isNamed || host.isPresent()) {
          ofName.add(entrance.get().withHost(host.orElse(entrance.get().host())));
        }
        all.add(entrance.get());
      }
    }
    int port = listener.getAddress().getSocketAddress().getPortValue();
    boolean isAll = wanted.isEmpty()
        || isName(wanted, listener.getName())
        || wanted.equals(Integer.toString(port));
    if (isAll) {
      // Without a route there is no host: a chain with routes is meant.
      all.stream().filter(one -> one.routes().getVirtualHostsCount() > 0).forEach(ofName::add);
      ofName.addAll(all);
    }
    return ofName;
  }

  private static boolean isName(String wanted, String name) {
    return !wanted.isEmpty() && (name.equals(wanted) || name.endsWith("/" + wanted));
  }

  /** Whether the host is of the Gateway's listener, by its metadata. */
  private static boolean isOf(String wanted, VirtualHost host) {
    return !wanted.isEmpty()
        && GatewaySection.of(host).filter(one -> one.listener().equals(wanted)).isPresent();
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

  /** The chain for the server name that a client of TLS sends, which is the host: exact, longest wildcard, any. */
  private static Optional<FilterChain> chain(Listener listener, String host) {
    int best = -1;
    Optional<FilterChain> found = Optional.empty();
    for (FilterChain chain : listener.getFilterChainsList()) {
      List<String> names = chain.getFilterChainMatch().getServerNamesList();
      int rank = names.isEmpty()
          ? 0
          : names.stream().mapToInt(name -> HostSearch.rank(name, host)).max().orElse(-1);
      if (rank > best) {
        best = rank;
        found = Optional.of(chain);
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
          RouteConfiguration routes =
              xds.routes().getOrDefault(manager.getRds().getRouteConfigName(), none);
          VirtualHost first = routes.getVirtualHostsList().stream()
              .findFirst()
              .orElse(VirtualHost.getDefaultInstance());
          return Optional.of(new Entrance(
              listener,
              manager,
              routes,
              HostSearch.host(first, chain.getFilterChainMatch()),
              chain.hasTransportSocket()));
        }
      }
    }
    return Optional.empty();
  }
}
