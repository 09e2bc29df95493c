package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.ModelSettings.Source;
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
 * A copy of an initial route, for requests that may have a model: with a body of a readable size, on the path of a model
 * route. It has the extraction enabled. A request for an unknown model matches it again after the extraction, and
 * is then treated like on the route itself.
 *
 * @param source the place where the requests may name it
 * @param path the path of the model routes; empty if the route's own path is as narrow
 * @param lengths the lengths of the matched bodies
 * @param filters per-route configurations for filters that have to be present or enabled, by the filter's name
 * @param without the names of the route's own filters that must be disabled
 * @param answers500 whether it answers 500, because the route's action would lack these filters
 */
record InitialRouteCopy(
    Source source,
    Optional<RoutePath> path,
    Lengths lengths,
    Map<String, Any> filters,
    Set<String> without,
    boolean answers500) {
  /** The lengths of matched bodies. */
  enum Lengths {
    ANY,
    /** Up to the body limit, or unknown. */
    LIMITED,
    /** Up to the body limit, and known. */
    LIMITED_AND_KNOWN
  }

  InitialRouteCopy {
    filters = Collections.unmodifiableSortedMap(new TreeMap<>(filters)); // deterministic bytes
    without = Set.copyOf(without);
  }

  /** The copy for requests that name their model in this place. */
  InitialRouteCopy from(Source other) {
    return new InitialRouteCopy(other, path, lengths, filters, without, answers500);
  }

  /**
   * The copy of a route.
   *
   * @param sources all places where requests may name their model
   * @param bodyLimit the largest body, in bytes, from which a model is read
   * @param number among the route's copies
   */
  Route of(Route route, long bodyLimit, Set<Source> sources, int number) {
    Route.Builder copy = route.toBuilder()
        .setName(XdsNames.initialRouteCopy(route.getName(), number))
        .setMatch(narrowed(route.getMatch(), bodyLimit));
    without.forEach(copy::removeTypedPerFilterConfig);
    if (answers500) {
      copy.setRoute(RouteAction.newBuilder()
          .setCluster(XdsNames.INVALID_CLUSTER)
          .setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR));
    }
    return ModelExtraction.on(
        DisabledFilters.withFilters(copy.build(), filters), bodyLimit, sources);
  }

  private RouteMatch narrowed(RouteMatch match, long bodyLimit) {
    RouteMatch.Builder narrowed = path.map(path -> path.in(match)).orElse(match).toBuilder();
    narrowed.addAllHeaders(ModelSources.mayName(source));
    HeaderMatcher.Builder length = HeaderMatcher.newBuilder().setName("content-length");
    switch (inUrl() && lengths == Lengths.LIMITED_AND_KNOWN ? Lengths.LIMITED : lengths) {
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

  /** Whether requests without a body may name their model, too. */
  private boolean inUrl() {
    return source == Source.QUERY || source == Source.PATH;
  }

  private static Int64Range range(long from, long to) {
    return Int64Range.newBuilder().setStart(from).setEnd(to).build();
  }
}
