package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.wire.FieldReader;
import dev.pointsman.xds.ModelMatches.Condition;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where requests for a model arrive at a virtual host before their model is known: on the routes that ask for no model,
 * come after a model route and can take the same request, and on the catch-all behind them.
 *
 * @param routes the routes, for each {@link PlannedRoutes} of the host
 * @param modelRouteSets the host's model routes, with the name of the first of each
 * @param hasCatchAll whether a route takes every request, so that nothing reaches the catch-all
 */
record InitialRoutes(
    List<List<InitialRoute>> routes,
    Map<ModelRouteSet, String> modelRouteSets,
    boolean hasCatchAll) {
  /** For a host from whose requests no models are read. */
  static final InitialRoutes NONE = new InitialRoutes(List.of(), Map.of(), false);

  private static final RouteMatch EVERYTHING =
      RouteMatch.newBuilder().setPrefix("/").build();

  /**
   * A route that asks for no model.
   *
   * @param index its place among the routes of its {@link PlannedRoutes}
   * @param conditions those of the model routes whose requests may arrive here; empty where models are read anyway
   */
  record InitialRoute(int index, RouteFacts route, RouteMatch match, List<Condition> conditions) {
    RoutePath path() {
      return RoutePath.of(match);
    }
  }

  /**
   * Finds them.
   *
   * @param routes the routes in their order
   * @param extractsAlways whether models are read from the requests of all routes
   */
  static InitialRoutes find(List<PlannedRoutes> routes, boolean extractsAlways) {
    List<List<InitialRoute>> found = new ArrayList<>();
    Map<ModelRouteSet, String> modelRouteSets = new LinkedHashMap<>();
    ModelMatches modelRoutesBefore = new ModelMatches();
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
          List<Condition> conditions = modelRoutesBefore.meeting(match);
          if (extractsAlways || !conditions.isEmpty()) {
            initial.add(new InitialRoute(i, RouteFacts.of(planned.bytes()), match, conditions));
          }
          hasCatchAll |= match.equals(EVERYTHING);
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
          // It stays as it came, and the host's other routes are served: requests cannot arrive at
          // a
          // route that Envoy cannot read either.
          continue;
        }
      }
    }
    return hasCatchAll;
  }

  /** Whether one of the host's routes switches on one of the filters. */
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
   * The HTTPRoutes whose age makes a difference.
   *
   * @param contested whether routes want filters that not all can have
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
