package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a host's routes read models from bodies.
 *
 * @param bodyLimit the largest body, in bytes, from which a model is read
 * @param whereModelIsSet whether model routes read it too: requests come there first when an operator sets a default
 * @param processors users' own processors that may take bodies
 * @param present configurations for filters that have to be present where a model is served, by filter's name
 */
public record BodyReading(
    long bodyLimit, boolean whereModelIsSet, BodyProcessors processors, Map<String, Any> present) {
  public BodyReading {
    present = Collections.unmodifiableSortedMap(new TreeMap<>(present)); // so are the bytes
  }

  /** A route that asks for a model, with all that its requests need if they come there first. */
  Route onModelRoute(Route route) {
    Route with = DisabledFilters.withPresent(route, present);
    return whereModelIsSet ? ModelExtraction.on(with, bodyLimit) : with;
  }
}
