package dev.pointsman.golden;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What of a translation may change, said apart from the code under test. Ours are
 *
 * <ul>
 *   <li>a route that the Route hook marked with pools, or that matches the model's header
 *   <li>a virtual host or a route configuration with such a route
 *   <li>a listener with a connection manager that fetches such a route configuration by RDS
 *   <li>the cluster that a marked route names; {@code <rule>/backend/<i>} if it has weighted clusters
 * </ul>
 *
 * and nothing else: no secret, ever.
 */
record Ours(Set<String> routeConfigurations, Set<String> clusters) {
  static Ours in(PostTranslateModifyRequest request) {
    Set<String> tables = new HashSet<>();
    Set<String> clusters = new HashSet<>();
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), request.getRoutesList())) {
      List<Route> ours = table.getVirtualHostsList().stream()
          .flatMap(host -> host.getRoutesList().stream())
          .filter(Ours::isOurs)
          .toList();
      if (!ours.isEmpty()) {
        tables.add(table.getName());
      }
      ours.stream().filter(Ours::hasPools).flatMap(Ours::targets).forEach(clusters::add);
    }
    return new Ours(tables, clusters);
  }

  static boolean isOurs(VirtualHost host) {
    return host.getRoutesList().stream().anyMatch(Ours::isOurs);
  }

  static boolean isOurs(Route route) {
    return hasPools(route) || asksForModel(route);
  }

  static boolean hasPools(Route route) {
    return route.getMetadata().containsFilterMetadata(InBand.NAMESPACE);
  }

  static boolean asksForModel(Route route) {
    return route.getMatch().getHeadersList().stream()
        .anyMatch(header -> header.getName().equalsIgnoreCase("x-gateway-model-name"));
  }

  boolean isOurs(Listener listener) {
    return Managers.of(listener).stream()
        .anyMatch(manager -> routeConfigurations.contains(manager.getRds().getRouteConfigName()));
  }

  boolean isOurCluster(String name) {
    return clusters.contains(name)
        || clusters.stream().anyMatch(rule -> name.startsWith(rule + "/backend/"));
  }

  /** The cluster of the rule; of a rule with weighted clusters the name that its backends' clusters begin with. */
  private static Stream<String> targets(Route route) {
    return switch (route.getRoute().getClusterSpecifierCase()) {
      case CLUSTER -> Stream.of(route.getRoute().getCluster());
      case WEIGHTED_CLUSTERS -> Stream.of(route.getName().replaceFirst("/match/.*", ""));
      case CLUSTER_HEADER,
          CLUSTER_SPECIFIER_PLUGIN,
          INLINE_CLUSTER_SPECIFIER_PLUGIN,
          CLUSTERSPECIFIER_NOT_SET -> Stream.empty();
    };
  }
}
