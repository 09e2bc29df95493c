package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Generated answers that a global rate limit counts, and lists of models. Envoy's rate limit ignores direct responses,
 * and routes to a cluster that does not exist. So the routes of such answers target a cluster without endpoints, and a
 * script in an earlier filter responds with the status and the body in the route's metadata. The scripts contain no
 * user's text.
 */
public final class Answers {
  private static final String SCRIPT = "answer";
  private static final String STATUS = "status";
  private static final String BODY = "body";

  private static final String SOURCE = """
      function envoy_on_request(handle)
        local answer = handle:metadata()
        handle:respond(
          {[":status"] = answer:get("%s"), ["content-type"] = "application/json"}, answer:get("%s"))
      end
      """.formatted(STATUS, BODY);

  private Answers() {}

  /** The filter of a listener. It is inactive on routes without the metadata. */
  static HttpFilter filter() {
    Lua script = Lua.newBuilder()
        .putSourceCodes(ModelList.SCRIPT, ModelList.SOURCE)
        .putSourceCodes(SCRIPT, LuaScripts.source(SOURCE))
        .build();
    return HttpFilter.newBuilder()
        .setName(XdsNames.ANSWER_FILTER)
        .setTypedConfig(Any.pack(script))
        .build();
  }

  /** A JSON direct response, changed into a counted answer. */
  static Route counted(Route route) {
    return answered(route.toBuilder().clearResponseHeadersToAdd(), route.getDirectResponse());
  }

  /**
   * The route with a JSON answer in place of its action. Envoy's CORS filter ignores direct responses, so that browsers
   * would withhold them from pages of permitted origins.
   */
  static Route answered(Route.Builder route, DirectResponseAction response) {
    Struct answer = Struct.newBuilder()
        .putFields(STATUS, text(Integer.toString(response.getStatus())))
        .putFields(BODY, text(response.getBody().getInlineString()))
        .build();
    return scripted(route, SCRIPT, answer);
  }

  /**
   * The route with a script in place of its action.
   *
   * @param facts the route's metadata that the script reads
   */
  static Route scripted(Route.Builder route, String script, Struct facts) {
    route
        .setRoute(RouteAction.newBuilder().setCluster(XdsNames.ANSWERS_CLUSTER))
        .putTypedPerFilterConfig(XdsNames.ANSWER_FILTER, LuaScripts.run(script));
    route.getMetadataBuilder().putFilterMetadata(XdsNames.ANSWER_FILTER, facts);
    return route.build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  /** The cluster without endpoints. */
  public static Cluster cluster() {
    return Cluster.newBuilder()
        .setName(XdsNames.ANSWERS_CLUSTER)
        .setType(DiscoveryType.STATIC)
        .build();
  }
}
