package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The answer to {@code GET /v1/models}, in OpenAI's format.
 *
 * @param leftOut the number of omitted models: Envoy refuses a whole route configuration because of a longer body
 */
record ModelList(Route route, int leftOut) {
  private static final String HEAD = "{\"object\":\"list\",\"data\":[";
  private static final String TAIL = "]}";

  /**
   * The list of a host.
   *
   * @param models each once; the first of them are listed
   */
  static ModelList of(List<String> models) {
    StringBuilder body = new StringBuilder(HEAD);
    int bytes = HEAD.length() + TAIL.length();
    int listed = 0;
    for (String model : models) {
      String entry = (listed == 0 ? "" : ",") + entry(model);
      bytes += entry.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LongResponses.MAX_BYTES) {
        break;
      }
      body.append(entry);
      listed++;
    }
    return new ModelList(route(body.append(TAIL).toString()), models.size() - listed);
  }

  private static String entry(String model) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", model)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "pointsman")
        .toString();
  }

  private static Route route(String body) {
    HeaderMatcher.Builder get = HeaderMatcher.newBuilder().setName(":method");
    get.getStringMatchBuilder().setExact("GET");
    DirectResponseAction.Builder response = DirectResponseAction.newBuilder().setStatus(200);
    response.getBodyBuilder().setInlineString(body);
    return Route.newBuilder()
        .setName(XdsNames.MODEL_LIST_ROUTE)
        .setMatch(RouteMatch.newBuilder().setPath("/v1/models").addHeaders(get))
        .setDirectResponse(response)
        .addResponseHeadersToAdd(ModelRoutes.JSON_BODY)
        .build();
  }
}
