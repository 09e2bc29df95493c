package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/** Decides whether one request can match two routes; true in doubt. */
final class RouteOverlap {
  private static final String METHOD = ":method";

  private RouteOverlap() {}

  /**
   * Whether a request with a model can match both.
   *
   * @param model the match of a route with a model condition, which is ignored
   * @param bodiesOnly whether only bodies name models
   */
  static boolean possible(RouteMatch model, RouteMatch other, boolean bodiesOnly) {
    return !(bodiesOnly && excludesBodies(other))
        && pathsOverlap(model, other)
        && headersOverlap(model, other);
  }

  private static boolean excludesBodies(RouteMatch match) {
    return match.getHeadersList().stream()
        .filter(header -> header.getName().equalsIgnoreCase(METHOD))
        .anyMatch(header -> isExact(header)
            && List.of("GET", "HEAD", "OPTIONS", "TRACE", "CONNECT")
                .contains(header.getStringMatch().getExact()));
  }

  /** Whether a path can match both, ignoring other conditions. */
  static boolean pathsOverlap(RouteMatch one, RouteMatch other) {
    boolean ignoreCase = RoutePath.ignoresCase(one) || RoutePath.ignoresCase(other);
    return switch (one.getPathSpecifierCase()) {
      case PATH -> takes(other, one.getPath(), ignoreCase);
      case PREFIX -> prefixOverlaps(one, other, ignoreCase);
      case PATH_SEPARATED_PREFIX -> segmentsOverlap(one, other, ignoreCase);
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> true;
    };
  }

  private static boolean takes(RouteMatch match, String path, boolean ignoreCase) {
    return switch (match.getPathSpecifierCase()) {
      case PATH -> same(match.getPath(), path, ignoreCase);
      case PREFIX -> starts(path, match.getPrefix(), ignoreCase);
      case PATH_SEPARATED_PREFIX ->
        same(match.getPathSeparatedPrefix(), path, ignoreCase)
            || starts(path, match.getPathSeparatedPrefix() + "/", ignoreCase);
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> true;
    };
  }

  private static boolean prefixOverlaps(RouteMatch one, RouteMatch other, boolean ignoreCase) {
    String prefix = one.getPrefix();
    return switch (other.getPathSpecifierCase()) {
      case PATH -> takes(one, other.getPath(), ignoreCase);
      case PREFIX ->
        starts(other.getPrefix(), prefix, ignoreCase)
            || starts(prefix, other.getPrefix(), ignoreCase);
      case PATH_SEPARATED_PREFIX ->
        starts(other.getPathSeparatedPrefix(), prefix, ignoreCase)
            || starts(prefix, other.getPathSeparatedPrefix() + "/", ignoreCase);
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> true;
    };
  }

  private static boolean segmentsOverlap(RouteMatch one, RouteMatch other, boolean ignoreCase) {
    return switch (other.getPathSpecifierCase()) {
      case PATH -> takes(one, other.getPath(), ignoreCase);
      case PREFIX -> prefixOverlaps(other, one, ignoreCase);
      case PATH_SEPARATED_PREFIX ->
        takes(one, other.getPathSeparatedPrefix(), ignoreCase)
            || takes(other, one.getPathSeparatedPrefix(), ignoreCase);
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> true;
    };
  }

  private static boolean headersOverlap(RouteMatch one, RouteMatch other) {
    return one.getHeadersList().stream()
        .noneMatch(header ->
            other.getHeadersList().stream().anyMatch(against -> exclude(header, against)));
  }

  private static boolean exclude(HeaderMatcher one, HeaderMatcher other) {
    return one.getName().equalsIgnoreCase(other.getName())
        && isExact(one)
        && isExact(other)
        && !one.getStringMatch().getExact().equals(other.getStringMatch().getExact());
  }

  private static boolean isExact(HeaderMatcher header) {
    StringMatcher match = header.getStringMatch();
    return header.hasStringMatch()
        && match.getMatchPatternCase() == StringMatcher.MatchPatternCase.EXACT
        && !match.getIgnoreCase()
        && !header.getInvertMatch();
  }

  private static boolean starts(String path, String prefix, boolean ignoreCase) {
    return path.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
  }

  private static boolean same(String one, String other, boolean ignoreCase) {
    return ignoreCase ? one.equalsIgnoreCase(other) : one.equals(other);
  }
}
