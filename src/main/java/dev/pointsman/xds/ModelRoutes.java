package dev.pointsman.xds;

import com.google.common.base.CharMatcher;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.ClusterNotFoundResponseCode;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The routes that answer for models that cannot be served, in OpenAI's error format. */
final class ModelRoutes {
  /** Any byte that HTTP forbids in a header's value: Envoy would answer 503 for such a name. */
  private static final String CONTROL_CHARACTER = "\\C*[\\x00-\\x1f\\x7f]\\C*";

  /**
   * Bytes of JSON that the named models may take: Envoy refuses a whole route configuration with a direct response above
   * 4 KiB, unless told otherwise.
   */
  private static final int MOST_BYTES = 3000;

  private static final int MOST_NAMED = 20;

  /** What JSON takes as it is, a byte each. */
  private static final CharMatcher PLAIN =
      CharMatcher.inRange(' ', '~').and(CharMatcher.noneOf("\"\\")).precomputed();

  /** Every virtual host with models has the same; there are as many as there are body limits. */
  private static final Map<Long, Route> UNROUTED = new ConcurrentHashMap<>();

  private ModelRoutes() {}

  /** First of all routes: a name with control characters. Anything else that is odd may be somebody else's JSON. */
  static Route invalidModel() {
    return INVALID_MODEL;
  }

  /**
   * After all routes of the host: a model that none of them takes.
   *
   * @param models the models that there are; the first of them are named
   */
  static Route unknownModel(List<String> models) {
    HeaderMatcher present = HeaderMatcher.newBuilder()
        .setName(XdsNames.MODEL_HEADER)
        .setPresentMatch(true)
        .build();
    return answer(
        XdsNames.UNKNOWN_MODEL_ROUTE,
        present,
        404,
        "The model does not exist or you do not have access to it." + named(models),
        "model_not_found");
  }

  private static String named(List<String> models) {
    if (models.isEmpty()) {
      return "";
    }
    StringBuilder named = new StringBuilder(" Models here: ");
    int count = 0;
    int bytes = 0;
    for (String model : models) {
      bytes += bytesInJson(model);
      if (count == MOST_NAMED || bytes > MOST_BYTES) {
        break;
      }
      named.append(count++ == 0 ? "" : ", ").append(model);
    }
    if (count == 0) {
      return "";
    }
    return count < models.size()
        ? named + " and " + (models.size() - count) + " more."
        : named + ".";
  }

  private static int bytesInJson(String text) {
    if (PLAIN.matchesAllOf(text)) {
      return text.length() + 2;
    }
    String json = JsonNodeFactory.instance.stringNode(text).toString();
    return json.getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Last: where requests whose model is not known yet arrive. It has to be a route to a cluster (one that never
   * exists), because Envoy holds to a route's body limit only on such a route.
   */
  static Route unrouted(long bodyLimit) {
    return UNROUTED.computeIfAbsent(bodyLimit, ModelRoutes::makeUnrouted);
  }

  private static Route makeUnrouted(long bodyLimit) {
    Route route = Route.newBuilder()
        .setName(XdsNames.UNROUTED_ROUTE)
        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
        .setRoute(Upgrades.allowWebsocket(RouteAction.newBuilder()
            .setCluster(XdsNames.UNROUTED_CLUSTER)
            .setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.NOT_FOUND)
            .build()))
        .build();
    return ModelExtraction.on(route, bodyLimit);
  }

  private static Route answer(
      String name, HeaderMatcher model, int status, String message, String code) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", "invalid_request_error")
        .put("param", "model")
        .put("code", code);
    DirectResponseAction.Builder response = DirectResponseAction.newBuilder().setStatus(status);
    response.getBodyBuilder().setInlineString(body.toString());
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

  private static final Route INVALID_MODEL = answer(
      XdsNames.INVALID_MODEL_ROUTE,
      HeaderMatcher.newBuilder()
          .setName(XdsNames.MODEL_HEADER)
          .setStringMatch(StringMatcher.newBuilder()
              .setSafeRegex(RegexMatcher.newBuilder().setRegex(CONTROL_CHARACTER)))
          .build(),
      400,
      "The model name contains control characters.",
      "invalid_model");
}
