package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;

/** Responses for rules that cannot be served. The reason is reported to the rule's owner, not to the client. */
final class DirectResponses {
  private static final OpenAiError INVALID_BACKEND = OpenAiError.of(
      500, "invalid_backend", "The model cannot be served: its route is not configured correctly.");

  private DirectResponses() {}

  /**
   * A route that responds with 413.
   *
   * @param smallest the smallest refused body, in bytes
   */
  static Route bodyTooLarge(String name, RouteMatch match, Metadata metadata, long smallest) {
    OpenAiError error = OpenAiError.of(
        413,
        "request_too_large",
        "The request body is too large: below " + smallest + " bytes are taken here.");
    return Route.newBuilder()
        .setName(name)
        .setMatch(match)
        .setMetadata(metadata)
        .setDirectResponse(error.response())
        .addResponseHeadersToAdd(ModelRoutes.JSON_BODY)
        .build();
  }

  /**
   * The route with a 500 instead of its action, as Gateway API specifies for invalid backends. No picker is asked, because
   * a dead one would answer in its place.
   */
  static Route invalidBackend(Route route) {
    Route.Builder invalid = route.toBuilder()
        .setDirectResponse(INVALID_BACKEND.response())
        .clearRequestHeadersToAdd()
        .clearRequestHeadersToRemove()
        .addResponseHeadersToAdd(ModelRoutes.JSON_BODY);
    PoolRoutes.FILTERS.forEach(invalid::removeTypedPerFilterConfig);
    return invalid.build();
  }
}
