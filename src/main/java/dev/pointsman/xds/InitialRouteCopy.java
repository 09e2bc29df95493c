package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.ClusterNotFoundResponseCode;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A copy in front of a route that asks for no model, for those of its requests that may be for a model: a JSON body, on
 * the model routes' path, of a size from which a model is read. It has the extraction switched on. A request whose model
 * turns out to be nobody's meets it again, and then it does what the route does.
 *
 * @param path the path of the model routes; empty where the route's own is as narrow
 * @param lengths the bodies that it takes
 * @param filters per-route configurations for filters that have to be present or on, by filter's name
 * @param without the names of the route's own filters that must not be on
 * @param answers500 whether it answers 500 in place of what the route does, which would miss these filters
 */
record InitialRouteCopy(
    Optional<RoutePath> path,
    Lengths lengths,
    Map<String, Any> filters,
    Set<String> without,
    boolean answers500) {
  /** Bodies by their lengths. */
  enum Lengths {
    ANY,
    /** Up to the body limit, and those whose length is not told in advance. */
    LIMITED,
    /** Up to the body limit, where the length is told. */
    LIMITED_AND_KNOWN
  }

  InitialRouteCopy {
    filters = Collections.unmodifiableSortedMap(new TreeMap<>(filters)); // so are the bytes
    without = Set.copyOf(without);
  }

  /**
   * The copy of a route.
   *
   * @param bodyLimit the largest body, in bytes, from which a model is read
   * @param number among the route's copies
   */
  Route of(Route route, long bodyLimit, int number) {
    Route.Builder copy = route.toBuilder()
        .setName(XdsNames.initialRouteCopy(route.getName(), number))
        .setMatch(narrowed(route.getMatch(), bodyLimit));
    without.forEach(copy::removeTypedPerFilterConfig);
    if (answers500) {
      copy.setRoute(RouteAction.newBuilder()
          .setCluster(XdsNames.INVALID_CLUSTER)
          .setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR));
    }
    return ModelExtraction.on(DisabledFilters.withFilters(copy.build(), filters), bodyLimit);
  }

  private RouteMatch narrowed(RouteMatch match, long bodyLimit) {
    RouteMatch.Builder narrowed = path.map(path -> path.in(match)).orElse(match).toBuilder();
    HeaderMatcher.Builder json = HeaderMatcher.newBuilder().setName("content-type");
    json.getStringMatchBuilder().setSafeRegex(ModelExtraction.JSON);
    narrowed.addHeaders(json);
    HeaderMatcher.Builder length = HeaderMatcher.newBuilder().setName("content-length");
    switch (lengths) {
      case ANY -> {}
      case LIMITED_AND_KNOWN -> narrowed.addHeaders(length.setRangeMatch(range(0, bodyLimit + 1)));
      case LIMITED ->
        narrowed.addHeaders(length
            .setRangeMatch(range(bodyLimit + 1, Long.MAX_VALUE))
            .setInvertMatch(true)
            .setTreatMissingHeaderAsEmpty(true));
    }
    return narrowed.build();
  }

  private static Int64Range range(long from, long to) {
    return Int64Range.newBuilder().setStart(from).setEnd(to).build();
  }
}
