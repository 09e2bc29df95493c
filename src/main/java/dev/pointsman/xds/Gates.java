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
 * A route's configuration for the filters in front of it, such as who may pass and how often. Where a global rate limit counts the
 * route by itself, the route's name is left out, so that routes of one policy tell the same.
 *
 * @param configs per-route configurations by filter's name, without those for filters of ours
 * @param rateLimits what the global rate limit counts
 * @param filters the names of the filters that are on
 */
record Gates(Map<String, Any> configs, List<RateLimit> rateLimits, Set<String> filters) {
  /** In the place of the route's name. */
  private static final String OWN_COUNTER = "pointsman/own-counter";

  Gates {
    configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs)); // so are the bytes
    rateLimits = List.copyOf(rateLimits);
    filters = Set.copyOf(filters);
  }

  /** The gates of a route. */
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
      return false; // Envoy will say so
    }
  }

  /** The configuration that both have. */
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

  /** Without global rate limits. */
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
   * A route of ours with what these say.
   *
   * @param counter the name of the route whose counter counts it
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
