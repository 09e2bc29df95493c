package dev.pointsman.xds;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The condition of a route on a request's path. The natural order has a wider condition before the narrower ones in it.
 *
 * @param match a match without other conditions
 */
record RoutePath(RouteMatch match) implements Comparable<RoutePath> {
  private static final OneofDescriptor PATH = RouteMatch.getDescriptor()
      .findFieldByNumber(RouteMatch.PREFIX_FIELD_NUMBER)
      .getContainingOneof();

  private static final Comparator<RoutePath> ORDER = Comparator.comparing(RoutePath::toString)
      .thenComparing(path -> path.match.hasPath()) // the narrowest
      .thenComparing(path -> path.match.getPathSpecifierCase())
      .thenComparing(path -> ignoresCase(path.match));

  /** The condition of a match on the path. */
  static RoutePath of(RouteMatch match) {
    RouteMatch.Builder path = RouteMatch.newBuilder();
    copy(match, path);
    return new RoutePath(path.build());
  }

  /** The match with this condition instead of its own. */
  RouteMatch in(RouteMatch other) {
    RouteMatch.Builder narrowed = other.toBuilder();
    copy(match, narrowed);
    return narrowed.build();
  }

  private static void copy(RouteMatch from, RouteMatch.Builder to) {
    to.clearPathSpecifier().clearCaseSensitive();
    if (from.hasCaseSensitive()) {
      to.setCaseSensitive(from.getCaseSensitive());
    }
    FieldDescriptor path = from.getOneofFieldDescriptor(PATH);
    if (path != null) {
      to.setField(path, from.getField(path));
    }
  }

  /** Whether every request that matches the other condition matches this one; false in doubt. */
  boolean contains(RoutePath other) {
    return equals(other)
        || !ignoresCase(match) && !ignoresCase(other.match) && isPrefixOf(other.match);
  }

  private boolean isPrefixOf(RouteMatch other) {
    return switch (match.getPathSpecifierCase()) {
      case PREFIX -> text(other).startsWith(match.getPrefix());
      case PATH_SEPARATED_PREFIX ->
        text(other).startsWith(match.getPathSeparatedPrefix() + "/")
            || !other.hasPrefix() && text(other).equals(match.getPathSeparatedPrefix());
      case PATH, SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> false;
    };
  }

  /** The elements whose path no other's contains, the wider of equal beginnings first; found one by one. */
  static <T> Stream<T> widest(Stream<T> elements, Function<T, RoutePath> path) {
    List<RoutePath> widest = new ArrayList<>();
    return elements.sorted(Comparator.comparing(path)).filter(element -> {
      RoutePath own = path.apply(element);
      boolean isWider = widest.stream().noneMatch(wide -> wide.contains(own));
      if (isWider) {
        widest.add(own);
      }
      return isWider;
    });
  }

  /** Whether a request may match both; true in doubt. */
  boolean overlaps(RoutePath other) {
    return RouteOverlap.pathsOverlap(match, other.match);
  }

  /** Whether the match ignores case. */
  static boolean ignoresCase(RouteMatch match) {
    return match.hasCaseSensitive() && !match.getCaseSensitive().getValue();
  }

  /** The path or the prefix of the match; empty if it has none. */
  private static String text(RouteMatch match) {
    return switch (match.getPathSpecifierCase()) {
      case PATH -> match.getPath();
      case PREFIX -> match.getPrefix();
      case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix();
      case SAFE_REGEX, CONNECT_MATCHER, PATH_MATCH_POLICY, PATHSPECIFIER_NOT_SET -> "";
    };
  }

  @Override
  public int compareTo(RoutePath other) {
    return ORDER.compare(this, other);
  }

  /** The path in Gateway API's notation, without the kind of the match, for messages. */
  @Override
  public String toString() {
    return match.hasSafeRegex() ? match.getSafeRegex().getRegex() : text(match);
  }
}
