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
 * @param plain the routes, for each {@link PlannedRoutes} of the host
 * @param askings the host's model routes, with the name of the first of each
 * @param caught whether a route takes every request, so that nothing reaches the catch-all
 */
record InitialRoutes(List<List<Plain>> plain, Map<Asking, String> askings, boolean caught) {
  /** For a host from whose requests no models are read. */
  static final InitialRoutes NONE = new InitialRoutes(List.of(), Map.of(), false);

  private static final RouteMatch EVERYTHING =
      RouteMatch.newBuilder().setPrefix("/").build();

  /**
   * A route that asks for no model.
   *
   * @param slot its place among the routes of its {@link PlannedRoutes}
   * @param conditions those of the model routes whose requests may arrive here; empty where models are read anyway
   */
  record Plain(int slot, RouteFacts route, RouteMatch match, List<Condition> conditions) {
    RoutePath path() {
      return RoutePath.of(match);
    }
  }

  /**
   * Finds them.
   *
   * @param routes the routes in their order
   * @param always whether models are read from the requests of all routes
   */
  static InitialRoutes among(List<PlannedRoutes> routes, boolean always) {
    List<List<Plain>> plain = new ArrayList<>();
    Map<Asking, String> askings = new LinkedHashMap<>();
    ModelMatches before = new ModelMatches();
    boolean caught = false;
    for (PlannedRoutes slots : routes) {
      slots.askings().forEach(askings::putIfAbsent);
      List<Plain> own = new ArrayList<>();
      if (slots.onlyModels()) {
        slots.askings().keySet().forEach(before::add);
      } else if (always || !before.isEmpty() || !slots.askings().isEmpty()) {
        caught |= add(slots.list(), always, before, own);
      }
      plain.add(own);
    }
    return new InitialRoutes(plain, askings, caught);
  }

  private static boolean add(
      List<PlannedRoute> slots, boolean always, ModelMatches before, List<Plain> plain) {
    boolean caught = false;
    for (int i = 0; i < slots.size(); i++) {
      PlannedRoute slot = slots.get(i);
      if (slot.bringsModels()) {
        before.add(Asking.of(slot.facts().orElseThrow()));
      }
      if (!slot.asksForModel() && (always || !before.isEmpty())) {
        try {
          RouteMatch match =
              RouteMatch.parseFrom(FieldReader.message(slot.bytes(), Route.MATCH_FIELD_NUMBER));
          List<Condition> conditions = before.meeting(match);
          if (always || !conditions.isEmpty()) {
            plain.add(new Plain(i, RouteFacts.of(slot.bytes()), match, conditions));
          }
          caught |= match.equals(EVERYTHING);
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
          // It stays as it came, and the host's other routes are served: requests cannot arrive at
          // a
          // route that Envoy cannot read either.
          continue;
        }
      }
    }
    return caught;
  }

  /** Whether one of the host's routes switches on one of the filters. */
  boolean want(Set<String> filters) {
    return askings.keySet().stream().anyMatch(asking -> wants(asking.filters(), filters))
        || plain.stream()
            .flatMap(List::stream)
            .anyMatch(route -> wants(route.route().filters(), filters));
  }

  private static boolean wants(Set<String> own, Set<String> filters) {
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
      askings.keySet().forEach(asking -> owners.add(asking.owner()));
    }
    for (List<Plain> some : plain) {
      for (Plain route : some) {
        owners.add(route.route().owner());
        if (!contested) {
          route.conditions().stream()
              .flatMap(condition -> condition.askings().stream())
              .forEach(asking -> owners.add(asking.owner()));
        }
      }
    }
    return owners;
  }
}
