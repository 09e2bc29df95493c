package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Enforces limits of bodies that the extraction has read: {@code requestBuffer.limit} of BackendTrafficPolicies and {@code
 * bodyToExtAuth.maxRequestBytes} of SecurityPolicies. Envoy's filters measure only data received after they have started,
 * and such a body has been received before: the buffer filter would let it pass, and an authorizer would judge its begin.
 *
 * @param authorizers the largest body, in bytes, of authorizers that receive whole bodies, by the filter's name
 */
record RequestLimits(SortedMap<String, Long> authorizers) {
  /** The filter of {@code requestBuffer}. */
  static final String BUFFER = "envoy.filters.http.buffer";

  private static final Any NOT_BUFFERED =
      Any.pack(BufferPerRoute.newBuilder().setDisabled(true).build());

  RequestLimits {
    authorizers = Collections.unmodifiableSortedMap(new TreeMap<>(authorizers));
  }

  /**
   * The limits of the authorizers among a listener's filters.
   *
   * @param disabled the listener's filters that are disabled until a route enables them
   */
  static RequestLimits of(List<HttpFilter> disabled) {
    SortedMap<String, Long> authorizers = new TreeMap<>();
    for (HttpFilter filter : disabled) {
      wholeBody(filter).ifPresent(limit -> authorizers.put(filter.getName(), limit));
    }
    return new RequestLimits(authorizers);
  }

  private static Optional<Long> wholeBody(HttpFilter filter) {
    try {
      if (!filter.getTypedConfig().is(ExtAuthz.class)) {
        return Optional.empty();
      }
      ExtAuthz authorizer = filter.getTypedConfig().unpack(ExtAuthz.class);
      BufferSettings body = authorizer.getWithRequestBody();
      return authorizer.hasWithRequestBody() && !body.getAllowPartialMessage()
          ? Optional.of(Integer.toUnsignedLong(body.getMaxRequestBytes()))
          : Optional.empty();
    } catch (InvalidProtocolBufferException broken) {
      return Optional.empty(); // Envoy rejects it
    }
  }

  /** The copy before the route that responds with 413 to a body above the route's limit. */
  Optional<Route> refusing(Route route, long bodyLimit) {
    SortedMap<String, Long> limits = new TreeMap<>();
    if (route.hasRoute()) {
      buffer(route).ifPresent(limit -> limits.put(BUFFER, limit));
      authorizers.forEach((filter, limit) -> {
        if (asks(route, filter)) {
          limits.put(filter, limit);
        }
      });
    }
    return limits.values().stream()
        .min(Long::compare)
        .filter(least -> least < bodyLimit) // larger bodies are never read
        .map(least -> refusing(route, limits, least));
  }

  private static Route refusing(Route route, SortedMap<String, Long> limits, long least) {
    Route.Builder refusing = route.toBuilder()
        .setName(XdsNames.tooLargeRoute(route.getName()))
        .clearRequestHeadersToAdd()
        .clearRequestHeadersToRemove();
    refusing.getMatchBuilder().addFilterState(ModelExtraction.hasRead(above(least)));
    PoolRoutes.FILTERS.forEach(refusing::removeTypedPerFilterConfig);
    limits.forEach((filter, limit) -> {
      if (filter.equals(BUFFER)) {
        refusing.putTypedPerFilterConfig(filter, NOT_BUFFERED); // it sometimes measures the body
      } else if (limit == least) {
        refusing.putTypedPerFilterConfig(
            filter, DisabledFilters.NOT_ASKED); // it would receive a part
      }
    });
    OpenAiError error = OpenAiError.tooLarge(Long.toString(least));
    Route.Builder answered = Answers.answered(refusing, error.response()).toBuilder();
    answered.getRouteBuilder().setCluster(XdsNames.UNROUTED_CLUSTER); // counted by no rate limit
    return answered.build();
  }

  private static boolean asks(Route route, String filter) {
    Any config = route.getTypedPerFilterConfigOrDefault(filter, DisabledFilters.NOT_ASKED);
    try {
      return !Gates.isOff(config)
          && !(config.is(ExtAuthzPerRoute.class)
              && config.unpack(ExtAuthzPerRoute.class).getDisabled());
    } catch (InvalidProtocolBufferException broken) {
      return false; // Envoy rejects it
    }
  }

  private static Optional<Long> buffer(Route route) {
    Any config = route.getTypedPerFilterConfigOrDefault(BUFFER, Any.getDefaultInstance());
    try {
      Any own =
          config.is(FilterConfig.class) ? config.unpack(FilterConfig.class).getConfig() : config;
      if (Gates.isOff(config) || !own.is(BufferPerRoute.class)) {
        return Optional.empty();
      }
      BufferPerRoute buffer = own.unpack(BufferPerRoute.class);
      return buffer.hasBuffer()
          ? Optional.of(
              Integer.toUnsignedLong(buffer.getBuffer().getMaxRequestBytes().getValue()))
          : Optional.empty();
    } catch (InvalidProtocolBufferException broken) {
      return Optional.empty(); // Envoy rejects it
    }
  }

  /**
   * A regular expression for greater numbers: those with more digits, and those with the same number of digits and a
   * greater digit after a common prefix.
   *
   * @param number at least 0
   */
  static String above(long number) {
    String digits = Long.toString(number);
    StringJoiner any = new StringJoiner("|");
    any.add("[1-9][0-9]{" + digits.length() + ",}");
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit != '9') {
        int rest = digits.length() - i - 1;
        any.add(digits.substring(0, i) + "[" + (char) (digit + 1) + "-9]"
            + (rest == 0 ? "" : "[0-9]{" + rest + "}"));
      }
    }
    return any.toString();
  }
}
