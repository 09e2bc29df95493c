package dev.pointsman.xds;

import dev.pointsman.model.ModelSettings.Source;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a virtual host's preceding model routes, indexed by path, so that a host with thousands of routes
 * is processed in one pass.
 */
final class ModelMatches {
  private final boolean bodiesOnly;
  private final NavigableMap<String, Map<RouteMatch, MatchCondition>> byPath = new TreeMap<>();
  private final Map<RouteMatch, MatchCondition> anyPath = new LinkedHashMap<>();

  /**
   * No conditions yet.
   *
   * @param sources the places where requests may name their model
   */
  ModelMatches(Set<Source> sources) {
    bodiesOnly = !sources.contains(Source.QUERY) && !sources.contains(Source.PATH);
  }

  /**
   * A condition.
   *
   * @param match without the model condition
   * @param modelRouteSets the model routes with this condition; modifiable
   */
  record MatchCondition(RouteMatch match, Set<ModelRouteSet> modelRouteSets) {}

  /** Adds model routes. */
  void add(ModelRouteSet modelRoutes) {
    String path = path(modelRoutes.condition());
    (path == null ? anyPath : byPath.computeIfAbsent(path, _ -> new LinkedHashMap<>()))
        .computeIfAbsent(
            modelRoutes.condition(), match -> new MatchCondition(match, new LinkedHashSet<>()))
        .modelRouteSets()
        .add(modelRoutes);
  }

  boolean isEmpty() {
    return byPath.isEmpty() && anyPath.isEmpty();
  }

  /** The conditions whose requests could also match the other route. */
  List<MatchCondition> overlapping(RouteMatch other) {
    return candidates(other).stream()
        .flatMap(conditions -> conditions.values().stream())
        .filter(condition -> RouteOverlap.possible(condition.match(), other, bodiesOnly))
        .toList();
  }

  private List<Map<RouteMatch, MatchCondition>> candidates(RouteMatch other) {
    String path = path(other);
    List<Map<RouteMatch, MatchCondition>> candidates = new ArrayList<>();
    candidates.add(anyPath);
    if (path == null) {
      candidates.addAll(byPath.values());
      return candidates;
    }
    for (int length = 0; length < path.length(); length++) {
      Map<RouteMatch, MatchCondition> shorter = byPath.get(path.substring(0, length));
      if (shorter != null) {
        candidates.add(shorter);
      }
    }
    candidates.addAll(
        byPath.subMap(path, true, path + Character.MAX_VALUE, true).values());
    return candidates;
  }

  private static @Nullable String path(RouteMatch match) {
    return switch (match.getPathSpecifierCase()) {
      case PATH -> match.getPath().toLowerCase(Locale.ROOT);
      case PREFIX -> match.getPrefix().toLowerCase(Locale.ROOT);
      case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix().toLowerCase(Locale.ROOT);
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> null;
    };
  }
}
