package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;

/** Responses for rules that cannot be served. The reason is reported to the rule's owner, not to the client. */
final class DirectResponses {
  private static final String BODY = """
      {"error":{"message":"The model cannot be served: its route is not configured correctly.",\
      "type":"server_error","param":null,"code":"invalid_backend"}}""";

  private static final String TOO_LARGE = """
      {"error":{"message":"The request body is too large: below %d bytes are taken here.",\
      "type":"invalid_request_error","param":null,"code":"request_too_large"}}""";

  private DirectResponses() {}

  /**
   * A route that responds with 413.
   *
   * @param smallest the smallest refused body, in bytes
   */
  static Route bodyTooLarge(String name, RouteMatch match, Metadata metadata, long smallest) {
    return Route.newBuilder()
        .setName(name)
        .setMatch(match)
        .setMetadata(metadata)
        .setDirectResponse(response(413, TOO_LARGE.formatted(smallest)))
        .addResponseHeadersToAdd(ModelRoutes.JSON_BODY)
        .build();
  }

  /** The route with a 500 instead of its action, as Gateway API specifies for invalid backends. */
  static Route invalidBackend(Route route) {
    return route.toBuilder()
        .setDirectResponse(response(500, BODY))
        .clearRequestHeadersToAdd()
        .clearRequestHeadersToRemove()
        .addResponseHeadersToAdd(ModelRoutes.JSON_BODY)
        .build();
  }

  private static DirectResponseAction response(int status, String body) {
    DirectResponseAction.Builder response = DirectResponseAction.newBuilder().setStatus(status);
    response.getBodyBuilder().setInlineString(body);
    return response.build();
  }
}
