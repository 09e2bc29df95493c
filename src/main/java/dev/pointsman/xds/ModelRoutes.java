package dev.pointsman.xds;

import dev.pointsman.model.ModelSettings.Source;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Added routes that respond to requests for models that cannot be served, in OpenAI's error format. */
final class ModelRoutes {
  /** Any byte that HTTP forbids in a header's value: Envoy would respond with 503 to such a name. */
  private static final String CONTROL_CHARACTER = "\\C*[\\x00-\\x1f\\x7f]\\C*";

  /**
   * The limit for the names of models in the message, in bytes of JSON. Envoy refuses a whole route configuration with
   * a direct response above its limit, by default 4 KiB.
   */
  private static final int MAX_BYTES = 3000;

  private static final int MAX_NAMED = 20;

  /** All virtual hosts with models and the same settings share a route. */
  private static final Map<Unrouted, Route> UNROUTED = new ConcurrentHashMap<>();

  private record Unrouted(long bodyLimit, boolean answers, Set<Source> sources) {}

  private ModelRoutes() {}

  /**
   * The route before all others, for names with control characters. Other unusual values may belong to JSON that is not
   * for a model.
   */
  static Route invalidModel() {
    return INVALID_MODEL;
  }

  /**
   * The route after all others of the host, for an unknown model.
   *
   * @param models the known models; the first of them are named
   */
  static Route unknownModel(List<String> models) {
    HeaderMatcher present = HeaderMatcher.newBuilder()
        .setName(XdsNames.MODEL_HEADER)
        .setPresentMatch(true)
        .build();
    return answer(XdsNames.UNKNOWN_MODEL_ROUTE, present, notFound(named(models)));
  }

  /**
   * The error for an unknown model.
   *
   * @param more the end of the message
   */
  static OpenAiError notFound(String more) {
    return OpenAiError.of(
        404,
        "model_not_found",
        "model",
        "The model does not exist or you do not have access to it." + more);
  }

  private static String named(List<String> models) {
    if (models.isEmpty()) {
      return "";
    }
    StringBuilder named = new StringBuilder(" Models here: ");
    int count = 0;
    int bytes = 0;
    for (String model : models) {
      bytes += JsonStrings.quoted(model).getBytes(StandardCharsets.UTF_8).length;
      if (count == MAX_NAMED || bytes > MAX_BYTES) {
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

  /**
   * The last route: the initial route of requests that match no other route before their model is known. Its cluster
   * never exists, but it must have one, because Envoy applies a route's body limit only to routes with a cluster.
   *
   * @param models of its host; requests without a model may be answered ({@link LocalReplies})
   */
  static Route unrouted(HostModels models) {
    return UNROUTED.computeIfAbsent(
        new Unrouted(models.bodyLimit(), models.answersUnknown(), models.sources()),
        ModelRoutes::makeUnrouted);
  }

  private static Route makeUnrouted(Unrouted settings) {
    Route route = Route.newBuilder()
        .setName(XdsNames.UNROUTED_ROUTE)
        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
        .setRoute(Upgrades.allowWebsocket(RouteAction.newBuilder()
            .setCluster(XdsNames.UNROUTED_CLUSTER)
            .setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.NOT_FOUND)
            .build()))
        .build();
    Route on = ModelExtraction.on(route, settings.bodyLimit(), settings.sources());
    return settings.answers() ? ModelExtraction.answered(on) : on;
  }

  private static Route answer(String name, HeaderMatcher model, OpenAiError error) {
    return Route.newBuilder()
        .setName(name)
        .setMatch(RouteMatch.newBuilder().setPrefix("/").addHeaders(model))
        .setDirectResponse(error.response())
        .addResponseHeadersToAdd(JSON_BODY)
        .build();
  }

  static final HeaderValueOption JSON_BODY = Protos.header("content-type", "application/json");

  private static final Route INVALID_MODEL = answer(
      XdsNames.INVALID_MODEL_ROUTE,
      HeaderMatcher.newBuilder()
          .setName(XdsNames.MODEL_HEADER)
          .setStringMatch(StringMatcher.newBuilder()
              .setSafeRegex(RegexMatcher.newBuilder().setRegex(CONTROL_CHARACTER)))
          .build(),
      OpenAiError.of(400, "invalid_model", "model", "The model name contains control characters."));
}
