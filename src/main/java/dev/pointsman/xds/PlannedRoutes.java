package dev.pointsman.xds;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Consecutive routes of a virtual host, with the facts that the host's other routes depend on. */
public final class PlannedRoutes {
  private final Supplier<List<PlannedRoute>> routes;
  private final boolean passThrough;
  private final Map<ModelRouteSet, String> modelRouteSets = new LinkedHashMap<>();
  private final Set<String> modelNames = new LinkedHashSet<>();
  private final boolean onlyModels;
  private final boolean targetPools;
  private final Set<StagesCluster> stages;
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
    targetPools = routes.stream().anyMatch(PlannedRoute::targetsPool);
    stages = routes.stream().flatMap(PlannedRoute::stages).collect(Collectors.toSet());
    anyIsOurs =
        routes.stream().anyMatch(route -> route.facts().map(RouteFacts::isOurs).orElse(false));
    poolRoutes = (int) routes.stream().filter(route -> route.plan().isPresent()).count();
  }

  private PlannedRoutes(Supplier<List<ByteString>> routes) {
    this.routes = Suppliers.memoize(
        () -> routes.get().stream().map(PlannedRoute::passThrough).toList());
    passThrough = true;
    onlyModels = false;
    targetPools = false;
    stages = Set.of();
    anyIsOurs = false;
    poolRoutes = 0;
  }

  /** Planned routes, in their order. */
  public static PlannedRoutes of(List<PlannedRoute> routes) {
    return new PlannedRoutes(List.copyOf(routes));
  }

  /**
   * Routes that are not relevant.
   *
   * @param routes requested at most once
   */
  public static PlannedRoutes passThrough(Supplier<List<ByteString>> routes) {
    return new PlannedRoutes(routes);
  }

  private void addNames(PlannedRoute route, RouteFacts facts) {
    route.policy().models().forEach(model -> modelNames.addAll(model.names()));
    facts.model().ifPresent(modelNames::add);
  }

  /** The routes in their order. */
  public List<PlannedRoute> list() {
    return routes.get();
  }

  /** Whether one of them targets a pool. */
  public boolean targetPools() {
    return targetPools;
  }

  /** The clusters through which their requests are sent in stages. */
  public Set<StagesCluster> stages() {
    return stages;
  }

  /** Whether one of them was added by an earlier pass. */
  public boolean anyIsOurs() {
    return anyIsOurs;
  }

  /** The number of routes whose rules name pools. */
  public int poolRoutes() {
    return poolRoutes;
  }

  /** Whether none of the routes is relevant. */
  boolean isPassThrough() {
    return passThrough;
  }

  /** The sets of model routes, with the name of the first route of each. */
  Map<ModelRouteSet, String> modelRouteSets() {
    return modelRouteSets;
  }

  /** The models that they match by name, in their order. */
  Set<String> modelNames() {
    return modelNames;
  }

  /** Whether all of them have a model condition. */
  boolean onlyModels() {
    return onlyModels;
  }
}
