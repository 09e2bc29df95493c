package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A route's configuration for the HTTP filters, such as authentication and rate limits. The name of a rate limit
 * counter that only this route uses is replaced, so that routes of one policy have equal configurations.
 *
 * @param configs per-route configurations by the filter's name, without those of added filters
 * @param rateLimits the descriptors of the global rate limit
 * @param filters the names of the enabled filters
 */
record Gates(Map<String, Any> configs, List<RateLimit> rateLimits, Set<String> filters) {
  /** Replaces the route's name. */
  private static final String OWN_COUNTER = "pointsman/own-counter";

  Gates {
    configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs)); // deterministic bytes
    rateLimits = List.copyOf(rateLimits);
    filters = Set.copyOf(filters);
  }

  /** The configuration of a route. */
  static Gates of(Route route) {
    String counter = route.getName();
    Map<String, Any> configs = new HashMap<>(route.getTypedPerFilterConfigMap());
    configs.keySet().removeIf(XdsNames::isOurs);
    configs.replaceAll((_, config) -> RateLimits.renamed(config, counter, OWN_COUNTER));
    Set<String> on = new HashSet<>();
    configs.forEach((name, config) -> {
      if (!isOff(config)) {
        on.add(name);
      }
    });
    List<RateLimit> limits =
        RateLimits.renamed(route.getRoute().getRateLimitsList(), counter, OWN_COUNTER);
    return new Gates(configs, limits, on);
  }

  static boolean isOff(Any config) {
    try {
      return config.is(FilterConfig.class) && config.unpack(FilterConfig.class).getDisabled();
    } catch (InvalidProtocolBufferException broken) {
      return false; // Envoy rejects it
    }
  }

  /** The common part of both configurations. */
  Gates and(Gates other) {
    if (equals(other)) {
      return this;
    }
    Map<String, Any> common = new HashMap<>(configs);
    common.entrySet().retainAll(other.configs.entrySet());
    Set<String> on = new HashSet<>(filters);
    on.retainAll(common.keySet());
    return new Gates(common, rateLimits.equals(other.rateLimits) ? rateLimits : List.of(), on);
  }

  /** The configuration without global rate limits. */
  Gates withoutRateLimits() {
    Map<String, Any> others = new HashMap<>(configs);
    others.values().removeIf(RateLimits::isRateLimit);
    return new Gates(others, List.of(), filters);
  }

  /** Whether a global rate limit counts requests. */
  boolean hasRateLimits() {
    return !rateLimits.isEmpty() || configs.values().stream().anyMatch(RateLimits::isRateLimit);
  }

  /**
   * An added route with this configuration.
   *
   * @param counter the name of the route whose counter counts its requests
   */
  Route on(Route route, String counter) {
    Route.Builder with = route.toBuilder();
    configs.forEach((name, config) ->
        with.putTypedPerFilterConfig(name, RateLimits.renamed(config, OWN_COUNTER, counter)));
    if (route.hasRoute()) {
      with.getRouteBuilder().addAllRateLimits(RateLimits.renamed(rateLimits, OWN_COUNTER, counter));
    }
    return with.build();
  }
}
