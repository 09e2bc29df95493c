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
 * Decides between routes of which some want a filter and others do not, where the filter is on or off for all requests
 * that arrive on a path: Envoy decides that before the model is known. The older HTTPRoute has its way.
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
   * @param filters those in contest that they want
   * @param owner the oldest HTTPRoute among those that want the same on the same path
   */
  record Winner(RoutePath path, Set<String> filters, ObjectRef owner) {}

  /**
   * Why a route loses.
   *
   * @param owner the older HTTPRoute
   * @param filters those in contest that the older one wants
   */
  record Rival(ObjectRef owner, Set<String> filters) {}

  private FilterContest(Set<String> exclusive, Precedence precedence) {
    this.exclusive = exclusive;
    this.precedence = precedence;
    order = precedence.order();
  }

  /**
   * Decides for a virtual host.
   *
   * @param exclusive the filters that cannot be there and do nothing
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

  /** Whether there was anything to decide. */
  boolean hasWinners() {
    return !winners.isEmpty();
  }

  /** Those of the filters that are in contest. */
  Set<String> contested(Set<String> filters) {
    if (exclusive.isEmpty()) {
      return Set.of();
    }
    Set<String> contested = new TreeSet<>(filters);
    contested.retainAll(exclusive);
    return contested;
  }

  /** Whether the first HTTPRoute comes before the other, which is not the same. */
  boolean precedes(ObjectRef one, ObjectRef other) {
    return order.compare(one, other) < 0;
  }

  /** The model routes that must not be served, since they would be served without a filter, or others with it. */
  Map<ModelRouteSet, Rival> refused() {
    return refused;
  }

  /** The model routes that are served, the oldest first. */
  List<Winner> winners() {
    return winners;
  }

  /** The filters that all model routes that are served want, when they all want the same ones of those in contest. */
  Optional<Set<String>> commonFilters() {
    List<Set<String>> different =
        winners.stream().map(Winner::filters).distinct().toList();
    return different.size() > 1
        ? Optional.empty()
        : Optional.of(different.isEmpty() ? Set.of() : different.getFirst());
  }

  /** The first of two HTTPRoutes in words. */
  String first(ObjectRef first, ObjectRef second) {
    return precedence.first(first, second);
  }
}
