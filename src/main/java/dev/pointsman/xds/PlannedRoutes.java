package dev.pointsman.xds;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Consecutive routes of a virtual host, with what the host's other routes need to know of them. */
public final class PlannedRoutes {
  private final Supplier<List<PlannedRoute>> routes;
  private final boolean passThrough;
  private final Map<ModelRouteSet, String> modelRouteSets = new LinkedHashMap<>();
  private final Set<String> modelNames = new LinkedHashSet<>();
  private final boolean onlyModels;
  private final boolean goToPools;
  private final boolean anyIsOurs;
  private final int poolRoutes;

  private PlannedRoutes(List<PlannedRoute> routes) {
    this.routes = () -> routes;
    passThrough = routes.stream().allMatch(route -> route.facts().isEmpty());
    routes.stream()
        .filter(PlannedRoute::hasModels)
        .map(route -> route.facts().orElseThrow())
        .forEach(model -> modelRouteSets.putIfAbsent(ModelRouteSet.of(model), model.name()));
    routes.forEach(route -> route.facts().ifPresent(facts -> addNames(route, facts)));
    onlyModels = routes.stream().allMatch(PlannedRoute::hasModelCondition);
    goToPools = routes.stream().anyMatch(PlannedRoute::goesToPool);
    anyIsOurs =
        routes.stream().anyMatch(route -> route.facts().map(RouteFacts::isOurs).orElse(false));
    poolRoutes = (int) routes.stream().filter(route -> route.plan().isPresent()).count();
  }

  private PlannedRoutes(Supplier<List<ByteString>> routes) {
    this.routes = Suppliers.memoize(
        () -> routes.get().stream().map(PlannedRoute::passThrough).toList());
    passThrough = true;
    onlyModels = false;
    goToPools = false;
    anyIsOurs = false;
    poolRoutes = 0;
  }

  /** Routes, in their order. */
  public static PlannedRoutes of(List<PlannedRoute> routes) {
    return new PlannedRoutes(List.copyOf(routes));
  }

  /**
   * Routes of which there is nothing to know.
   *
   * @param routes asked for once at most
   */
  public static PlannedRoutes passThrough(Supplier<List<ByteString>> routes) {
    return new PlannedRoutes(routes);
  }

  private void addNames(PlannedRoute route, RouteFacts facts) {
    route.policy().models().forEach(model -> modelNames.addAll(model.names()));
    facts.model().ifPresent(modelNames::add);
  }

  /** The routes. */
  public List<PlannedRoute> list() {
    return routes.get();
  }

  /** Whether one of them goes to a pool. */
  public boolean goToPools() {
    return goToPools;
  }

  /** Whether one of them is ours, from an earlier pass. */
  public boolean anyIsOurs() {
    return anyIsOurs;
  }

  /** How many of them have rules that name pools. */
  public int poolRoutes() {
    return poolRoutes;
  }

  /** Whether there is nothing to know of any of them. */
  boolean isPassThrough() {
    return passThrough;
  }

  /** Those that bring models, where they differ in more than the model, with the name of the first of each. */
  Map<ModelRouteSet, String> modelRouteSets() {
    return modelRouteSets;
  }

  /** The models that they ask for by name, in their order. */
  Set<String> modelNames() {
    return modelNames;
  }

  /** Whether all of them ask for a model. */
  boolean onlyModels() {
    return onlyModels;
  }
}
