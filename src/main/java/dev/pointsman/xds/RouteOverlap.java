package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/** Tells whether one request can match two routes. In doubt it can. */
final class RouteOverlap {
  private static final String METHOD = ":method";

  private RouteOverlap() {}

  /**
   * Whether a request that carries a model in its body can match both.
   *
   * @param model the match of a route that asks for a model; that condition is left aside
   */
  static boolean possible(RouteMatch model, RouteMatch other) {
    return !excludesBodies(other) && pathsOverlap(model, other) && headersOverlap(model, other);
  }

  private static boolean excludesBodies(RouteMatch match) {
    return match.getHeadersList().stream()
        .filter(header -> header.getName().equalsIgnoreCase(METHOD))
        .anyMatch(header -> isExact(header)
            && List.of("GET", "HEAD", "OPTIONS", "TRACE", "CONNECT")
                .contains(header.getStringMatch().getExact()));
  }

  private static boolean pathsOverlap(RouteMatch one, RouteMatch other) {
    return switch (one.getPathSpecifierCase()) {
      case PATH -> takes(other, one.getPath());
      case PREFIX -> prefixOverlaps(one.getPrefix(), other);
      case PATH_SEPARATED_PREFIX -> prefixOverlaps(one.getPathSeparatedPrefix(), other);
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> true;
    };
  }

  private static boolean takes(RouteMatch match, String path) {
    return switch (match.getPathSpecifierCase()) {
      case PATH -> same(match.getPath(), path);
      case PREFIX -> starts(path, match.getPrefix());
      case PATH_SEPARATED_PREFIX ->
        same(match.getPathSeparatedPrefix(), path)
            || starts(path, match.getPathSeparatedPrefix() + "/");
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> true;
    };
  }

  private static boolean prefixOverlaps(String prefix, RouteMatch other) {
    return switch (other.getPathSpecifierCase()) {
      case PATH -> starts(other.getPath(), prefix);
      case PREFIX -> starts(other.getPrefix(), prefix) || starts(prefix, other.getPrefix());
      case PATH_SEPARATED_PREFIX ->
        starts(other.getPathSeparatedPrefix(), prefix)
            || starts(prefix, other.getPathSeparatedPrefix());
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

  /** Letter case aside, since a match may say so; that finds an overlap too many rather than one too few. */
  private static boolean starts(String path, String prefix) {
    return path.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  private static boolean same(String one, String other) {
    return one.equalsIgnoreCase(other);
  }
}
