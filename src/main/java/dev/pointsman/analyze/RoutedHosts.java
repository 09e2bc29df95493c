package dev.pointsman.analyze;

import dev.pointsman.analyze.Parents.Parent;
import dev.pointsman.kube.Manifest;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The hosts of HTTPRoutes: only the matches of one host of one listener compete for requests. The listeners of a Gateway that
 * is not among the manifests are those that routes name, by name or by port, and the rest.
 */
final class RoutedHosts {
  /** The listeners that no route names. */
  private static final String REST = "";

  /** A host of a listener. */
  record RoutedHost(String gateway, String listener, String hostname) {}

  /** The matches on hosts of all routes together: more would take all memory. */
  private static final long MOST_MATCHES = 2_000_000;

  private final Manifests manifests;
  private final Map<String, Set<String>> namedListeners = new HashMap<>();
  private final Map<Manifest, Set<RoutedHost>> hostsByRoute = new IdentityHashMap<>();
  private long left = MOST_MATCHES;

  RoutedHosts(Manifests manifests) {
    this.manifests = manifests;
    manifests
        .of(GatewayApi.HTTP_ROUTE)
        .flatMap(route -> Parents.of(route).stream())
        .forEach(parent -> namedListeners
            .computeIfAbsent(gateway(parent), _ -> new TreeSet<>())
            .add(listener(parent)));
  }

  /** The hosts of a route; none beyond the bound. */
  Set<RoutedHost> of(Manifest route) {
    return hostsByRoute.computeIfAbsent(route, _ -> {
      long matches =
          RouteRule.of(route).mapToLong(rule -> 1L + rule.matches().size()).sum();
      Set<RoutedHost> hosts = left > 0 ? find(route) : Set.of();
      left -= hosts.size() * matches;
      return left > 0 ? hosts : Set.of();
    });
  }

  private Set<RoutedHost> find(Manifest route) {
    Set<RoutedHost> hosts = new LinkedHashSet<>();
    for (Parent parent : Parents.of(route)) {
      String gateway = gateway(parent);
      Optional<Manifest> known = parent.kind().equals("Gateway")
          ? manifests.find(GatewayApi.GATEWAY, parent.namespace(), parent.name())
          : Optional.empty();
      if (known.isPresent()) {
        for (JsonNode listener : Listeners.of(known.get(), parent)) {
          if (Listeners.takesHttp(listener)) {
            String name = listener.path("name").asString("");
            Listeners.hostnames(listener, route)
                .forEach(host -> hosts.add(new RoutedHost(gateway, name, host)));
          }
        }
      } else {
        listeners(parent)
            .forEach(listener -> Listeners.hostnames(route)
                .forEach(host -> hosts.add(new RoutedHost(gateway, listener, host))));
      }
    }
    return hosts;
  }

  private Stream<String> listeners(Parent parent) {
    String listener = listener(parent);
    return listener.equals(REST)
        ? Stream.concat(
            Stream.of(REST), namedListeners.getOrDefault(gateway(parent), Set.of()).stream())
        : Stream.of(listener);
  }

  private static String gateway(Parent parent) {
    return parent.kind() + " " + parent.namespace() + "/" + parent.name();
  }

  /** A name for the listener that a parent names. */
  private static String listener(Parent parent) {
    return !parent.section().isEmpty()
        ? parent.section()
        : parent.port() > 0 ? ":" + parent.port() : REST;
  }
}
