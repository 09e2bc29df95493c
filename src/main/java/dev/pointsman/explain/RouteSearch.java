package dev.pointsman.explain;

import dev.pointsman.explain.Explanation.LostRoute;
import dev.pointsman.explain.Explanation.RouteChoice;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.RouteOwner;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The choice of a route: the first one of a virtual host that takes the request. */
final class RouteSearch {
  private static final int NEAREST = 10;

  private RouteSearch() {}

  /**
   * A choice.
   *
   * @param owners of the chosen route and of the nearest lost ones
   */
  record ChosenRoute(Optional<Route> route, RouteChoice choice, List<ObjectRef> owners) {}

  static Optional<Route> route(VirtualHost host, RequestState request) {
    return host.getRoutesList().stream()
        .filter(route -> RouteConditions.unmet(route.getMatch(), request).isEmpty())
        .findFirst();
  }

  static ChosenRoute of(String stage, VirtualHost host, RequestState request) {
    List<Candidacy> lost = host.getRoutesList().stream()
        .map(route -> new Candidacy(route, RouteConditions.unmet(route.getMatch(), request)))
        .takeWhile(candidacy -> !candidacy.unmet().isEmpty())
        .toList();
    Optional<Route> chosen = host.getRoutesList().stream().skip(lost.size()).findFirst();
    // A stable sort: of equally near routes, the first ones.
    List<Candidacy> nearest = lost.stream()
        .sorted(Comparator.comparingInt(candidacy -> candidacy.unmet().size()))
        .limit(NEAREST)
        .toList();
    List<ObjectRef> owners = new ArrayList<>();
    chosen.ifPresent(route -> owners.add(RouteOwner.of(route)));
    nearest.forEach(candidacy -> owners.add(RouteOwner.of(candidacy.route())));
    RouteChoice choice = new RouteChoice(
        stage,
        chosen.map(Route::getName),
        chosen.map(RouteSearch::owner).orElse(""),
        lost.size() + 1,
        nearest.stream()
            .map(candidacy -> new LostRoute(
                candidacy.route().getName(), owner(candidacy.route()), candidacy.unmet()))
            .toList(),
        lost.size() - nearest.size());
    return new ChosenRoute(chosen, choice, owners);
  }

  private record Candidacy(Route route, List<String> unmet) {}

  /** The object of a route; empty for a route of Pointsman's own. */
  static String owner(Route route) {
    ObjectRef owner = RouteOwner.of(route);
    return owner.kind().equals("Route") ? "" : owner.toString();
  }
}
