package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.ClusterNotFoundResponseCode;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;

/** The routes that answer for models that cannot be served, in OpenAI's error format. */
final class ModelRoutes {
  /** Any byte that HTTP forbids in a header's value: Envoy would answer 503 for such a name. */
  private static final String CONTROL_CHARACTER = "\\C*[\\x00-\\x1f\\x7f]\\C*";

  private ModelRoutes() {}

  /** First of all routes: a name with control characters. Anything else that is odd may be somebody else's JSON. */
  static Route invalidModel() {
    HeaderMatcher.Builder odd = HeaderMatcher.newBuilder().setName(XdsNames.MODEL_HEADER);
    odd.getStringMatchBuilder().getSafeRegexBuilder().setRegex(CONTROL_CHARACTER);
    return answer(
        XdsNames.INVALID_MODEL_ROUTE,
        odd.build(),
        400,
        "The model name contains control characters.",
        "invalid_model");
  }

  /** After all routes of the host: a model that none of them takes. */
  static Route unknownModel() {
    HeaderMatcher present = HeaderMatcher.newBuilder()
        .setName(XdsNames.MODEL_HEADER)
        .setPresentMatch(true)
        .build();
    return answer(
        XdsNames.UNKNOWN_MODEL_ROUTE,
        present,
        404,
        "The model does not exist or you do not have access to it.",
        "model_not_found");
  }

  /**
   * Last: where requests whose model is not known yet arrive. It has to be a route to a cluster (one that never
   * exists), because Envoy holds to a route's body limit only on such a route.
   */
  static Route unrouted(long bodyLimit) {
    Route route = Route.newBuilder()
        .setName(XdsNames.UNROUTED_ROUTE)
        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
        .setRoute(RouteAction.newBuilder()
            .setCluster(XdsNames.UNROUTED_CLUSTER)
            .setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.NOT_FOUND))
        .build();
    return ModelExtraction.on(route, bodyLimit);
  }

  private static Route answer(
      String name, HeaderMatcher model, int status, String message, String code) {
    String body = "{\"error\":{\"message\":\"" + message
        + "\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"" + code + "\"}}";
    DirectResponseAction.Builder response = DirectResponseAction.newBuilder().setStatus(status);
    response.getBodyBuilder().setInlineString(body);
    return Route.newBuilder()
        .setName(name)
        .setMatch(RouteMatch.newBuilder().setPrefix("/").addHeaders(model))
        .setDirectResponse(response)
        .addResponseHeadersToAdd(JSON_BODY)
        .build();
  }

  static final HeaderValueOption JSON_BODY = HeaderValueOption.newBuilder()
      .setHeader(HeaderValue.newBuilder().setKey("content-type").setValue("application/json"))
      .setAppendAction(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
      .build();
}
