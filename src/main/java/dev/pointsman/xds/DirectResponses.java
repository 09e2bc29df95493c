package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;

/** Answers for rules that cannot be served. What is wrong is told to their owner, not to the client. */
final class DirectResponses {
  private static final String BODY = """
      {"error":{"message":"The model cannot be served: its route is not configured correctly.",\
      "type":"server_error","param":null,"code":"invalid_backend"}}""";

  private DirectResponses() {}

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
