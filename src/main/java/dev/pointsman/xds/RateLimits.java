package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.GenericKey;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute;
import java.util.List;

/**
 * The descriptors that a global rate limit counts on a route. Where no counter is shared, Envoy Gateway names each route's own after the
 * route, and its rate limit service knows no others.
 */
final class RateLimits {
  private RateLimits() {}

  /** Whether it is the configuration of a global rate limit that counts. */
  static boolean isRateLimit(Any config) {
    return config.is(RateLimitPerRoute.class);
  }

  /** Counted by another counter, where they are counted by a route's own. */
  static List<RateLimit> renamed(List<RateLimit> limits, String counter, String other) {
    return limits.stream().map(limit -> renamed(limit, counter, other)).toList();
  }

  /** Likewise; other configurations stay as they are. */
  static Any renamed(Any config, String counter, String other) {
    if (!isRateLimit(config)) {
      return config;
    }
    try {
      RateLimitPerRoute limits = config.unpack(RateLimitPerRoute.class);
      List<RateLimit> renamed = renamed(limits.getRateLimitsList(), counter, other);
      return renamed.equals(limits.getRateLimitsList())
          ? config
          : Any.pack(
              limits.toBuilder().clearRateLimits().addAllRateLimits(renamed).build());
    } catch (InvalidProtocolBufferException broken) {
      return config; // Envoy will say so
    }
  }

  private static RateLimit renamed(RateLimit limit, String counter, String other) {
    RateLimit.Builder renamed = limit.toBuilder();
    for (RateLimit.Action.Builder action : renamed.getActionsBuilderList()) {
      if (action.hasGenericKey() && action.getGenericKey().getDescriptorValue().equals(counter)) {
        GenericKey.Builder key = action.getGenericKeyBuilder().setDescriptorValue(other);
        if (key.getDescriptorKey().equals(counter)) {
          key.setDescriptorKey(other);
        }
      }
    }
    return renamed.build();
  }
}
