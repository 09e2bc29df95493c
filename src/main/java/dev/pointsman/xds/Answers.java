package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;

/**
 * Answers of our own that a global rate limit counts. Envoy's rate limit passes over routes that answer by themselves, and
 * over those to a cluster that does not exist. So these go to a cluster without endpoints, and a script in front of it
 * answers with what the route's metadata say; no text of a user's is in the script.
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

  /** The filter of a listener; by itself it does nothing. */
  static HttpFilter filter() {
    Lua script = Lua.newBuilder()
        .putSourceCodes(SCRIPT, DataSource.newBuilder().setInlineString(SOURCE).build())
        .build();
    return HttpFilter.newBuilder()
        .setName(XdsNames.ANSWER_FILTER)
        .setTypedConfig(Any.pack(script))
        .build();
  }

  /** A direct response in JSON as one that is counted. */
  static Route counted(Route route) {
    Struct answer = Struct.newBuilder()
        .putFields(STATUS, text(Integer.toString(route.getDirectResponse().getStatus())))
        .putFields(BODY, text(route.getDirectResponse().getBody().getInlineString()))
        .build();
    Route.Builder counted = route.toBuilder()
        .clearResponseHeadersToAdd()
        .setRoute(RouteAction.newBuilder().setCluster(XdsNames.ANSWERS_CLUSTER))
        .putTypedPerFilterConfig(
            XdsNames.ANSWER_FILTER,
            Any.pack(LuaPerRoute.newBuilder().setName(SCRIPT).build()));
    counted.getMetadataBuilder().putFilterMetadata(XdsNames.ANSWER_FILTER, answer);
    return counted.build();
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
