package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a virtual host's model routes so far, indexed by path, so that a host with thousands of routes is
 * judged in one pass.
 */
final class ModelMatches {
  private final NavigableMap<String, Set<RouteMatch>> byPath = new TreeMap<>();
  private final Set<RouteMatch> anyPath = new HashSet<>();

  /** Adds a model route's condition, whatever model it asks for. */
  void add(RouteMatch condition) {
    String path = path(condition);
    (path == null ? anyPath : byPath.computeIfAbsent(path, _ -> new HashSet<>())).add(condition);
  }

  boolean isEmpty() {
    return byPath.isEmpty() && anyPath.isEmpty();
  }

  /** Whether a request for a model of one of the routes could match the other route too. */
  boolean overlap(RouteMatch other) {
    return candidates(other).stream()
        .anyMatch(
            matches -> matches.stream().anyMatch(model -> RouteOverlap.possible(model, other)));
  }

  private List<Set<RouteMatch>> candidates(RouteMatch other) {
    String path = path(other);
    List<Set<RouteMatch>> candidates = new ArrayList<>();
    candidates.add(anyPath);
    if (path == null) {
      candidates.addAll(byPath.values());
      return candidates;
    }
    for (int length = 0; length < path.length(); length++) {
      Set<RouteMatch> shorter = byPath.get(path.substring(0, length));
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
