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
 * @param afterDefault whether an operator sets a model before the first route is chosen
 * @param processors users' own processors that may take bodies
 * @param overrides the rules of policies that replace answers, by filter's name
 * @param present configurations for filters that have to be present where a model is served, by filter's name
 */
public record BodyReading(
    long bodyLimit,
    boolean afterDefault,
    BodyProcessors processors,
    Map<String, Any> overrides,
    Map<String, Any> present) {
  public BodyReading {
    overrides = Collections.unmodifiableSortedMap(new TreeMap<>(overrides));
    present = Collections.unmodifiableSortedMap(new TreeMap<>(present)); // so are the bytes
  }

  /** The routes in place of one that matches the model's header. */
  List<Route> ofModel(Route route) {
    return afterDefault ? DefaultModels.apart(route) : List.of(route);
  }
}
