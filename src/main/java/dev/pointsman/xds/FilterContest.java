package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.InitialRoutes.InitialRoute;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Decides conflicts about filters that are enabled or disabled for all requests on a path, because Envoy decides it
 * before the model is known. If only some of the routes need such a filter, the older HTTPRoute has precedence.
 */
final class FilterContest {
  private final Set<String> exclusive;
  private final Precedence precedence;
  private final Comparator<ObjectRef> order;
  private final List<Winner> winners = new ArrayList<>();
  private final Map<ModelRouteSet, Rival> refused = new LinkedHashMap<>();

  /**
   * Model routes that are served.
   *
   * @param filters their contested filters
   * @param owner the oldest HTTPRoute with these filters on this path
   */
  record Winner(RoutePath path, Set<String> filters, ObjectRef owner) {}

  /**
   * The reason for a refusal.
   *
   * @param owner the older HTTPRoute
   * @param filters its contested filters
   */
  record Rival(ObjectRef owner, Set<String> filters) {}

  private FilterContest(Set<String> exclusive, Precedence precedence) {
    this.exclusive = exclusive;
    this.precedence = precedence;
    order = precedence.order();
  }

  /**
   * Decides the conflicts of a virtual host.
   *
   * @param exclusive the filters without an inert configuration
   */
  static FilterContest of(
      InitialRoutes initialRoutes, Set<String> exclusive, Precedence precedence) {
    FilterContest contest = new FilterContest(exclusive, precedence);
    if (!initialRoutes.useAny(exclusive)) {
      return contest;
    }
    Map<RouteMatch, List<InitialRoute>> routesByCondition = new HashMap<>();
    for (List<InitialRoute> some : initialRoutes.routes()) {
      for (InitialRoute route : some) {
        route
            .conditions()
            .forEach(condition -> routesByCondition
                .computeIfAbsent(condition.match(), _ -> new ArrayList<>())
                .add(route));
      }
    }
    initialRoutes.modelRouteSets().keySet().stream()
        .sorted(Comparator.comparing(ModelRouteSet::owner, contest.order))
        .forEach(modelRoutes -> contest.decide(
            modelRoutes, routesByCondition.getOrDefault(modelRoutes.condition(), List.of())));
    return contest;
  }

  private void decide(ModelRouteSet modelRoutes, List<InitialRoute> matching) {
    Set<String> filters = contested(modelRoutes.filters());
    RoutePath path = RoutePath.of(modelRoutes.condition());
    Optional<Rival> rival = Stream.concat(
            winners.stream()
                .filter(winner -> winner.path().overlaps(path))
                .map(winner -> new Rival(winner.owner(), winner.filters())),
            matching.stream()
                .filter(route -> precedes(route.route().owner(), modelRoutes.owner()))
                .map(route ->
                    new Rival(route.route().owner(), contested(route.route().filters()))))
        .filter(other -> !other.filters().equals(filters))
        .min(Comparator.comparing(Rival::owner, order));
    if (rival.isPresent()) {
      refused.put(modelRoutes, rival.get());
    } else if (winners.stream()
        .noneMatch(winner -> winner.path().equals(path) && winner.filters().equals(filters))) {
      winners.add(new Winner(path, filters, modelRoutes.owner()));
    }
  }

  /** Whether any model route is served after a decision. */
  boolean hasWinners() {
    return !winners.isEmpty();
  }

  /** The contested ones of the filters. */
  Set<String> contested(Set<String> filters) {
    if (exclusive.isEmpty()) {
      return Set.of();
    }
    Set<String> contested = new TreeSet<>(filters);
    contested.retainAll(exclusive);
    return contested;
  }

  /** Whether the first HTTPRoute has precedence over the second, different one. */
  boolean precedes(ObjectRef one, ObjectRef other) {
    return order.compare(one, other) < 0;
  }

  /** The refused model routes: served, they would lack a filter or impose it on other routes. */
  Map<ModelRouteSet, Rival> refused() {
    return refused;
  }

  /** The model routes that are served, the oldest first. */
  List<Winner> winners() {
    return winners;
  }

  /** The contested filters of the served model routes, if they are the same for all of them. */
  Optional<Set<String>> commonFilters() {
    List<Set<String>> different =
        winners.stream().map(Winner::filters).distinct().toList();
    return different.size() > 1
        ? Optional.empty()
        : Optional.of(different.isEmpty() ? Set.of() : different.getFirst());
  }

  /** The HTTPRoute that has precedence, as text for a message. */
  String first(ObjectRef first, ObjectRef second) {
    return precedence.first(first, second);
  }
}
