package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.ModelSettings.Source;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.wire.FieldReader;
import dev.pointsman.xds.ModelMatches.MatchCondition;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The initial routes of a virtual host: routes that Envoy may select before the model is known. They have no model
 * condition, follow a model route and can match the same request. The added catch-all route is another one.
 *
 * @param routes the routes, for each {@link PlannedRoutes} of the host
 * @param modelRouteSets the host's model routes, with the name of the first of each
 * @param hasCatchAll whether a route matches every request, so that no request reaches the added catch-all
 */
record InitialRoutes(
    List<List<InitialRoute>> routes,
    Map<ModelRouteSet, String> modelRouteSets,
    boolean hasCatchAll) {
  /** The initial routes of a host that does not read models. */
  static final InitialRoutes NONE = new InitialRoutes(List.of(), Map.of(), false);

  private static final RouteMatch EVERYTHING =
      RouteMatch.newBuilder().setPrefix("/").build();

  /**
   * A route without a model condition.
   *
   * @param index its index among the routes of its {@link PlannedRoutes}
   * @param conditions the conditions of the model routes whose requests may match it first; empty if models are always
   *     read
   */
  record InitialRoute(
      int index, RouteFacts route, RouteMatch match, List<MatchCondition> conditions) {
    RoutePath path() {
      return RoutePath.of(match);
    }
  }

  /**
   * Finds the initial routes.
   *
   * @param routes the routes in their order
   * @param extractsAlways whether models are read from the requests of all routes
   * @param sources the places where requests may name their model
   */
  static InitialRoutes find(
      List<PlannedRoutes> routes, boolean extractsAlways, Set<Source> sources) {
    List<List<InitialRoute>> found = new ArrayList<>();
    Map<ModelRouteSet, String> modelRouteSets = new LinkedHashMap<>();
    ModelMatches modelRoutesBefore = new ModelMatches(sources);
    boolean hasCatchAll = false;
    for (PlannedRoutes group : routes) {
      group.modelRouteSets().forEach(modelRouteSets::putIfAbsent);
      List<InitialRoute> own = new ArrayList<>();
      if (group.onlyModels()) {
        group.modelRouteSets().keySet().forEach(modelRoutesBefore::add);
      } else if (extractsAlways
          || !modelRoutesBefore.isEmpty()
          || !group.modelRouteSets().isEmpty()) {
        hasCatchAll |= add(group.list(), extractsAlways, modelRoutesBefore, own);
      }
      found.add(own);
    }
    return new InitialRoutes(found, modelRouteSets, hasCatchAll);
  }

  private static boolean add(
      List<PlannedRoute> routes,
      boolean extractsAlways,
      ModelMatches modelRoutesBefore,
      List<InitialRoute> initial) {
    boolean hasCatchAll = false;
    for (int i = 0; i < routes.size(); i++) {
      PlannedRoute planned = routes.get(i);
      if (planned.hasModels()) {
        modelRoutesBefore.add(ModelRouteSet.of(planned.facts().orElseThrow()));
      }
      if (!planned.hasModelCondition() && (extractsAlways || !modelRoutesBefore.isEmpty())) {
        try {
          RouteMatch match =
              RouteMatch.parseFrom(FieldReader.message(planned.bytes(), Route.MATCH_FIELD_NUMBER));
          List<MatchCondition> conditions = modelRoutesBefore.overlapping(match);
          if (extractsAlways || !conditions.isEmpty()) {
            initial.add(new InitialRoute(i, RouteFacts.of(planned.bytes()), match, conditions));
          }
          hasCatchAll |= match.equals(EVERYTHING);
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
          // The route stays unchanged, and the host's other routes are served: Envoy cannot read
          // this route either, so no request matches it.
          continue;
        }
      }
    }
    return hasCatchAll;
  }

  /**
   * The paths of requests for models, none in another; the root if there are many.
   *
   * @param extractsAlways whether models are read from the requests on all paths
   */
  List<RoutePath> modelPaths(boolean extractsAlways) {
    RoutePath root = RoutePath.of(EVERYTHING);
    if (extractsAlways) {
      return List.of(root);
    }
    Stream<RoutePath> paths = modelRouteSets.keySet().stream()
        .map(modelRoutes -> RoutePath.of(modelRoutes.condition()))
        .distinct();
    List<RoutePath> widest = RoutePath.widest(paths, Function.identity())
        .limit(InitialRouteCopies.MAX_PATHS + 1L)
        .toList();
    return widest.size() > InitialRouteCopies.MAX_PATHS ? List.of(root) : widest;
  }

  /** Whether one of the host's routes enables one of the filters. */
  boolean useAny(Set<String> filters) {
    return modelRouteSets.keySet().stream()
            .anyMatch(modelRoutes -> intersects(modelRoutes.filters(), filters))
        || routes.stream()
            .flatMap(List::stream)
            .anyMatch(route -> intersects(route.route().filters(), filters));
  }

  private static boolean intersects(Set<String> own, Set<String> filters) {
    return own.stream().anyMatch(filters::contains);
  }

  /**
   * The HTTPRoutes whose ages the result depends on.
   *
   * @param contested whether routes need filters that exclude each other
   */
  Set<ObjectRef> contestants(boolean contested) {
    Set<ObjectRef> owners = new LinkedHashSet<>();
    if (contested) {
      modelRouteSets.keySet().forEach(modelRoutes -> owners.add(modelRoutes.owner()));
    }
    for (List<InitialRoute> some : routes) {
      for (InitialRoute route : some) {
        owners.add(route.route().owner());
        if (!contested) {
          route.conditions().stream()
              .flatMap(condition -> condition.modelRouteSets().stream())
              .forEach(modelRoutes -> owners.add(modelRoutes.owner()));
        }
      }
    }
    return owners;
  }
}
