package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.ModelSettings.Source;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The extraction on a host's routes.
 *
 * @param bodyLimit the largest body, in bytes, from which a model is read
 * @param sources the places where requests to routes without a model condition may name their model
 * @param hasDefaultModel whether an operator sets a model before the first route is selected
 * @param processors users' own processors that may receive bodies
 * @param limits of bodies, by the listener's filters
 * @param overrides the rules of policies that replace responses, by the filter's name
 * @param inertFilters configurations for filters that must be present on model routes, by the filter's name
 */
public record BodyReading(
    long bodyLimit,
    Set<Source> sources,
    boolean hasDefaultModel,
    BodyProcessors processors,
    RequestLimits limits,
    Map<String, Any> overrides,
    Map<String, Any> inertFilters) {
  public BodyReading {
    overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
    inertFilters =
        Collections.unmodifiableSortedMap(new TreeMap<>(inertFilters)); // deterministic bytes
  }

  /** The routes that replace a route with a model condition. */
  List<Route> modelRoutes(Route route) {
    return hasDefaultModel ? DefaultModels.split(route, sources) : List.of(route);
  }
}
