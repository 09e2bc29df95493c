package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The parts of a translation that may change, determined apart from the code under test:
 *
 * <ul>
 *   <li>a route that the Route hook marked with pools, or that matches the model's header
 *   <li>a virtual host or a route configuration with such a route
 *   <li>a listener with a connection manager that fetches such a route configuration by RDS
 *   <li>the cluster that a marked route names; {@code <rule>/backend/<i>} if it has weighted clusters; those of models
 *       and of fallbacks
 * </ul>
 *
 * and nothing else: no secret, ever, and nothing that cannot be read.
 */
record Ours(Set<String> routeConfigurations, Set<String> clusterNames) {
  static Ours in(PostTranslateModifyRequest request) {
    Set<String> tables = new HashSet<>();
    Set<String> clusters = new HashSet<>();
    for (ByteString bytes : request.getRoutesList()) {
      ShallowRouteConfiguration table = Named.readIfPossible(
              ShallowRouteConfiguration.parser(), bytes)
          .orElse(ShallowRouteConfiguration.getDefaultInstance());
      for (ByteString host : table.getVirtualHostsList()) {
        List<Route> ours = routes(host);
        if (!ours.isEmpty()) {
          tables.add(table.getName());
        }
        ours.stream().filter(Ours::hasPools).flatMap(Ours::targets).forEach(clusters::add);
      }
    }
    return new Ours(tables, clusters);
  }

  /** The virtual host's routes that are ours. */
  static List<Route> routes(ByteString virtualHost) {
    return Named.readIfPossible(ShallowVirtualHost.parser(), virtualHost).stream()
        .flatMap(host -> host.getRoutesList().stream())
        .map(route -> Named.readIfPossible(Route.parser(), route))
        .flatMap(Optional::stream)
        .filter(route -> hasPools(route) || hasModelCondition(route))
        .toList();
  }

  /** Envoy Gateway's cluster of a backend that rules share. */
  private static final Pattern MERGED = Pattern.compile("(backend|service)/");

  /** The clusters of a rule's backends, of its models and of the stages of its fallback. */
  private static final List<String> PARTS = List.of("/backend/", "/model/", "/fallback/");

  /** In lower case, the header that a policy of testdata names in the place of the usual one. */
  static final String NAMED = "x-model";

  static boolean hasPools(Route route) {
    return route.getMetadata().containsFilterMetadata(InBand.NAMESPACE);
  }

  static boolean hasModelCondition(Route route) {
    return route.getMatch().getHeadersList().stream()
        .anyMatch(header -> List.of("x-gateway-model-name", "x-gateway-base-model-name", NAMED)
            .contains(header.getName().toLowerCase(Locale.ROOT)));
  }

  boolean isRouteConfiguration(ByteString bytes) {
    return Named.readIfPossible(ShallowRouteConfiguration.parser(), bytes)
        .filter(table -> routeConfigurations.contains(table.getName()))
        .isPresent();
  }

  boolean isListener(ByteString bytes) {
    try {
      return Managers.of(Named.read(Listener.parser(), bytes)).stream()
          .anyMatch(manager -> routeConfigurations.contains(manager.getRds().getRouteConfigName()));
    } catch (Named.Unreadable unreadable) {
      return false;
    }
  }

  /** A damaged cluster that has two names counts as the first, as it does in the code under test. */
  boolean isCluster(ByteString bytes) {
    return Named.readIfPossible(Cluster.parser(), bytes).isPresent()
        && isClusterName(Named.nameOf(bytes));
  }

  boolean isClusterName(String name) {
    return clusterNames.contains(name)
        || clusterNames.stream()
            .flatMap(rule -> PARTS.stream().map(part -> rule + part))
            .anyMatch(name::startsWith);
  }

  /** The cluster of the rule; of a rule with weighted clusters the name that its backends' clusters begin with. */
  private static Stream<String> targets(Route route) {
    String rule = route.getName().replaceFirst("/match/.*", "");
    return switch (route.getRoute().getClusterSpecifierCase()) {
      case CLUSTER ->
        // Others may use a merged cluster, too: it stays as it is.
        Stream.of(
            MERGED.matcher(route.getRoute().getCluster()).lookingAt()
                ? rule
                : route.getRoute().getCluster());
      case WEIGHTED_CLUSTERS -> Stream.of(rule);
      case CLUSTER_HEADER,
          CLUSTER_SPECIFIER_PLUGIN,
          INLINE_CLUSTER_SPECIFIER_PLUGIN,
          CLUSTERSPECIFIER_NOT_SET -> Stream.empty();
    };
  }
}
