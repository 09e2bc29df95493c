package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asserts that the routes of a virtual host are all still there, in their order, with only routes of ours between them.
 *
 * <p>A route without pools that asks for no model is the bytes that it was. One that asks for a model may gain per-filter
 * configuration and the condition that its body has been read, or be refused, and loses nothing but rules for replaced
 * answers, which move to a filter of ours. One with pools keeps its place, its name and its match
 * (one for preflights may match more).
 */
record UntouchedRoutes(List<ByteString> given) {
  void assertKeptIn(List<ByteString> answered) {
    Set<String> names = given.stream()
        .map(UntouchedRoutes::read)
        .flatMap(Optional::stream)
        .map(Route::getName)
        .collect(Collectors.toSet());
    int next = 0;
    for (ByteString bytes : answered) {
      if (next < given.size() && isKept(given.get(next), bytes)) {
        next++;
      } else {
        String name = Named.read(Route.parser(), bytes).getName();
        assertThat(name)
            .as("a route between those of Envoy Gateway's")
            .matches(added ->
                added.matches("pointsman/[a-z-]+(/\\d+|/not-json)?") || isMadeOf(names, added));
      }
    }
    assertThat(next).as("kept routes of %s", names).isEqualTo(given.size());
  }

  /** Whether the name says that the route is a copy of one of Envoy Gateway's. */
  private static boolean isMadeOf(Set<String> names, String added) {
    String copy = added.replaceFirst("^pointsman/(large|too-large|upgrade)/", "");
    return names.stream()
        .filter(copy::startsWith)
        .map(name -> copy.substring(name.length()))
        .anyMatch(
            rest -> rest.matches("(/model/.*)?(/model-arrival(/\\d+)?|/not-json)?|/preflight"));
  }

  private static boolean isKept(ByteString before, ByteString after) {
    Optional<Route> given = read(before);
    return before.equals(after)
        || given.isPresent() && isKept(given.get(), Named.read(Route.parser(), after));
  }

  private static boolean isKept(Route before, Route read) {
    Route after = withoutReading(read);
    if (!after.getName().equals(before.getName())
        || !named(after.getMatch(), before).equals(before.getMatch()) && !isPreflight(before)) {
      return false;
    }
    boolean refused = after.hasDirectResponse() && !before.hasDirectResponse();
    if (Ours.hasPools(before) || refused) {
      return true;
    }
    if (!Ours.hasModelCondition(after) && !isPreflight(before)) {
      return false;
    }
    Route.Builder changed = after.toBuilder()
        .clearTypedPerFilterConfig()
        .putAllTypedPerFilterConfig(before.getTypedPerFilterConfigMap());
    if (after.hasMatch()) {
      changed.setMatch(isPreflight(before) ? before.getMatch() : named(after.getMatch(), before));
    }
    return changed.build().equals(before)
        && after.getTypedPerFilterConfigMap().entrySet().containsAll(configs(before, after));
  }

  /** The configurations for filters that the route keeps; the rules for replaced answers move to a filter of ours. */
  private static Set<Map.Entry<String, Any>> configs(Route before, Route after) {
    boolean moved = after.containsTypedPerFilterConfig("pointsman/response-override");
    return before.getTypedPerFilterConfigMap().entrySet().stream()
        .filter(config -> !moved || !config.getKey().contains("custom_response"))
        .collect(Collectors.toSet());
  }

  /** On a listener with a model by default, a model route is met once the body has been read. */
  private static Route withoutReading(Route route) {
    List<FilterStateMatcher> others = route.getMatch().getFilterStateList().stream()
        .filter(state -> !state.getKey().equals("pointsman.body-bytes"))
        .toList();
    if (others.size() == route.getMatch().getFilterStateCount()) {
      return route;
    }
    Route.Builder without = route.toBuilder();
    without.getMatchBuilder().clearFilterState().addAllFilterState(others);
    return without.build();
  }

  /** The match with the header that a policy of testdata names in the place of the usual one. */
  private static RouteMatch named(RouteMatch match, Route before) {
    RouteMatch.Builder named = match.toBuilder();
    for (int i = 0; i < match.getHeadersCount(); i++) {
      if (i < before.getMatch().getHeadersCount()
          && before.getMatch().getHeaders(i).getName().equalsIgnoreCase(Ours.NAMED)
          && match.getHeaders(i).getName().equals("x-gateway-model-name")) {
        named.getHeadersBuilder(i).setName(before.getMatch().getHeaders(i).getName());
      }
    }
    return named.build();
  }

  /** Made by Envoy Gateway for a model route: it has to match whatever model. */
  private static boolean isPreflight(Route route) {
    return route.getMatch().getHeadersList().stream()
        .anyMatch(header -> header.getName().equalsIgnoreCase(":method")
            && header.getStringMatch().getExact().equals("OPTIONS"));
  }

  private static Optional<Route> read(ByteString bytes) {
    return Named.readIfPossible(Route.parser(), bytes);
  }
}
