package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a host's routes read models from bodies.
 *
 * @param bodyLimit the largest body, in bytes, from which a model is read
 * @param hasDefaultModel whether an operator sets a model before the first route is chosen
 * @param processors users' own processors that may take bodies
 * @param overrides the rules of policies that replace answers, by filter's name
 * @param inertFilters configurations for filters that have to be present where a model is served, by filter's name
 */
public record BodyReading(
    long bodyLimit,
    boolean hasDefaultModel,
    BodyProcessors processors,
    Map<String, Any> overrides,
    Map<String, Any> inertFilters) {
  public BodyReading {
    overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
    inertFilters =
        Collections.unmodifiableSortedMap(new TreeMap<>(inertFilters)); // so are the bytes
  }

  /** The routes in place of one that matches the model's header. */
  List<Route> modelRoutes(Route route) {
    return hasDefaultModel ? DefaultModels.split(route) : List.of(route);
  }
}
