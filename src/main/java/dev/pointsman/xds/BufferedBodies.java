package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.BodySizes;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sources of large messages to pickers although the extraction does not read the body: earlier filters that buffer
 * bodies, and listeners with a large buffer.
 *
 * @param filters the names of the filters that may buffer bodies
 * @param everywhere whether the listener's buffer holds a large body at once
 */
record BufferedBodies(SortedSet<String> filters, boolean everywhere) {
  /** No such source. */
  static final BufferedBodies NONE = new BufferedBodies(new TreeSet<>(), false);

  /** Parts of the types of filters that may buffer bodies, depending on their configuration or script. */
  private static final List<String> BUFFERING =
      List.of(".buffer.", ".lua.", ".wasm.", ".dynamic_modules.");

  /** Methods of requests that usually have neither a body nor a length. */
  private static final String BODILESS = "GET|HEAD|OPTIONS|TRACE|CONNECT|DELETE";

  BufferedBodies {
    filters = Collections.unmodifiableSortedSet(new TreeSet<>(filters));
  }

  /** The gateway's filters and buffers that hold large bodies. */
  static BufferedBodies of(GatewayFilters gateway) {
    SortedSet<String> buffering =
        new TreeSet<>(BodyProcessors.of(gateway.disabled()).nonStreaming());
    for (HttpFilter filter : gateway.disabled()) {
      if (BUFFERING.stream().anyMatch(filter.getTypedConfig().getTypeUrl()::contains)
          || authorizesBodies(filter)) {
        buffering.add(filter.getName());
      }
    }
    return new BufferedBodies(buffering, gateway.bufferBytes() >= BodySizes.LARGE);
  }

  private static boolean authorizesBodies(HttpFilter filter) {
    try {
      return filter.getTypedConfig().is(ExtAuthz.class)
          && filter.getTypedConfig().unpack(ExtAuthz.class).hasWithRequestBody();
    } catch (InvalidProtocolBufferException broken) {
      return false; // Envoy rejects it
    }
  }

  /** Whether bodies of the route's requests may be buffered. */
  boolean on(Route route) {
    return everywhere
        || filters.stream()
            .anyMatch(filter -> route.containsTypedPerFilterConfig(filter)
                && !Gates.isOff(route.getTypedPerFilterConfigOrThrow(filter)));
  }

  /** The condition narrowed to bodies whose length is large or unknown. */
  static RouteMatch maybeLarge(RouteMatch match) {
    RouteMatch.Builder narrowed = match.toBuilder();
    narrowed
        .addHeadersBuilder()
        .setName("content-length")
        .setRangeMatch(Int64Range.newBuilder().setEnd(BodySizes.LARGE))
        .setInvertMatch(true)
        .setTreatMissingHeaderAsEmpty(true);
    narrowed
        .addHeadersBuilder()
        .setName(":method")
        .setInvertMatch(true)
        .getStringMatchBuilder()
        .getSafeRegexBuilder()
        .setRegex(BODILESS);
    return narrowed.build();
  }
}
