package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.GenericKey;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute;
import java.util.List;

/**
 * The descriptors of a route's global rate limit. Envoy Gateway names a counter that no other route shares after the
 * route, and its rate limit service supports only these names.
 */
final class RateLimits {
  private RateLimits() {}

  /** Whether it is the configuration of a global rate limit. */
  static boolean isRateLimit(Any config) {
    return config.is(RateLimitPerRoute.class);
  }

  /** The limits with one counter replaced by another. */
  static List<RateLimit> renamed(List<RateLimit> limits, String counter, String other) {
    return limits.stream().map(limit -> renamed(limit, counter, other)).toList();
  }

  /** The configuration with one counter replaced by another; other configurations are unchanged. */
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
      return config; // Envoy rejects it
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
