package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/**
 * Enforces {@code requestBuffer.limit} of BackendTrafficPolicies on bodies that the extraction has read. Envoy's buffer
 * filter measures only data received after it has started, and such a body has been received before.
 */
final class RequestLimits {
  private static final String FILTER = "envoy.filters.http.buffer";
  private static final int TOO_LARGE = 413;

  private RequestLimits() {}

  /** The copy before the route that responds like Envoy to a body above the route's limit. */
  static Optional<Route> of(Route route, long bodyLimit) {
    OptionalLong limit = limit(route);
    if (limit.isEmpty() || limit.getAsLong() >= bodyLimit) {
      return Optional.empty(); // larger bodies are never read
    }
    Route.Builder refusing = route.toBuilder()
        .setName(XdsNames.tooLargeRoute(route.getName()))
        .clearRoute()
        .clearRequestHeadersToAdd()
        .clearRequestHeadersToRemove();
    refusing.getMatchBuilder().addFilterState(ModelExtraction.hasRead(above(limit.getAsLong())));
    refusing
        .getDirectResponseBuilder()
        .setStatus(TOO_LARGE)
        .getBodyBuilder()
        .setInlineString("Payload Too Large");
    refusing
        .addResponseHeadersToAddBuilder()
        .setAppendAction(HeaderAppendAction.ADD_IF_ABSENT)
        .getHeaderBuilder()
        .setKey("content-type")
        .setValue("text/plain");
    PoolRoutes.FILTERS.forEach(refusing::removeTypedPerFilterConfig);
    return Optional.of(refusing.build());
  }

  private static OptionalLong limit(Route route) {
    Any config = route.getTypedPerFilterConfigOrDefault(FILTER, Any.getDefaultInstance());
    try {
      Any own =
          config.is(FilterConfig.class) ? config.unpack(FilterConfig.class).getConfig() : config;
      if (!route.hasRoute() || Gates.isOff(config) || !own.is(BufferPerRoute.class)) {
        return OptionalLong.empty();
      }
      BufferPerRoute buffer = own.unpack(BufferPerRoute.class);
      return buffer.hasBuffer()
          ? OptionalLong.of(
              Integer.toUnsignedLong(buffer.getBuffer().getMaxRequestBytes().getValue()))
          : OptionalLong.empty();
    } catch (InvalidProtocolBufferException broken) {
      return OptionalLong.empty(); // Envoy rejects it
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
