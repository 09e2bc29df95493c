package dev.pointsman.analyze;

import dev.pointsman.analyze.AttachedListeners.AttachedListener;
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

/**
 * The hosts of HTTPRoutes: only the matches of one host of one listener compete for requests. The listeners of a Gateway that
 * is not among the manifests are those that routes name, by name or by port, and the rest. Routes of two namespaces do not
 * compete on a listener if it is not known that it takes both.
 */
final class RoutedHosts {
  /** The listeners that no route names. */
  private static final String REST = "";

  /**
   * A host of a listener.
   *
   * @param listener its name, with that of the route's namespace if it is not known whether the listener takes the route
   */
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
    String ofNamespace = " of " + route.object().namespace();
    for (Parent parent : Parents.of(route)) {
      String gateway = gateway(parent);
      Optional<Manifest> known = parent.kind().equals("Gateway")
          ? manifests.find(GatewayApi.GATEWAY, parent.namespace(), parent.name())
          : Optional.empty();
      if (known.isPresent()) {
        for (AttachedListener listener :
            AttachedListeners.of(manifests, route, parent, known.get()).listeners()) {
          String name =
              listener.node().path("name").asString("") + (listener.isSure() ? "" : ofNamespace);
          Listeners.hostnames(listener.node(), route)
              .forEach(host -> hosts.add(new RoutedHost(gateway, name, host)));
        }
      } else {
        listeners(parent)
            .forEach(listener -> Listeners.hostnames(route)
                .forEach(host -> hosts.add(new RoutedHost(gateway, listener + ofNamespace, host))));
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
