package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;

/** Answers for rules that cannot be served. What is wrong is told to their owner, not to the client. */
final class DirectResponses {
  private static final String BODY = """
      {"error":{"message":"The model cannot be served: its route is not configured correctly.",\
      "type":"server_error","param":null,"code":"invalid_backend"}}""";

  private static final String TOO_LARGE = """
      {"error":{"message":"The request body is too large: below %d bytes are taken here.",\
      "type":"invalid_request_error","param":null,"code":"request_too_large"}}""";

  private DirectResponses() {}

  /**
   * A route that answers 413.
   *
   * @param smallest the smallest body that it refuses, in bytes
   */
  static Route bodyTooLarge(String name, RouteMatch match, Metadata metadata, long smallest) {
    DirectResponseAction.Builder response = DirectResponseAction.newBuilder().setStatus(413);
    response.getBodyBuilder().setInlineString(TOO_LARGE.formatted(smallest));
    return Route.newBuilder()
        .setName(name)
        .setMatch(match)
        .setMetadata(metadata)
        .setDirectResponse(response)
        .addResponseHeadersToAdd(ModelRoutes.JSON_BODY)
        .build();
  }

  /** The route with a 500 in place of its action, as Gateway API asks of a rule whose backend is invalid. */
  static Route invalidBackend(Route route) {
    DirectResponseAction.Builder response = DirectResponseAction.newBuilder().setStatus(500);
    response.getBodyBuilder().setInlineString(BODY);
    return route.toBuilder()
        .setDirectResponse(response)
        .clearRequestHeadersToAdd()
        .clearRequestHeadersToRemove()
        .addResponseHeadersToAdd(ModelRoutes.JSON_BODY)
        .build();
  }
}
