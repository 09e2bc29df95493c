package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * The cluster of the loop for routes with a fallback. Its filters run for each try, which is a stage. They number the
 * stages, write the stage's model into the body, and take the facts off the response. A body is rewritten here, because
 * a filter in the loop would hold it, and Envoy sends a picker a held body as one message.
 */
public final class StagesCluster {
  private static final OpenAiError NO_MODEL = OpenAiError.of(
      400,
      "missing_required_parameter",
      "model",
      "The request body needs exactly one model, which the gateway replaces for another server.");

  private static final Any UPSTREAM = LoopListeners.upstream(filters());

  private StagesCluster() {}

  /** The cluster of a route configuration. */
  public static Cluster of(String routeConfiguration) {
    Cluster.Builder cluster = LoopListeners.cluster(
        XdsNames.fallback(routeConfiguration), XdsNames.largeBodies(routeConfiguration), UPSTREAM)
        .toBuilder();
    cluster
        .getCircuitBreakersBuilder()
        .getThresholdsBuilder(0)
        .setMaxRetries(Protos.uint32(LoopListeners.CONNECTIONS));
    return cluster.build();
  }

  private static List<HttpFilter> filters() {
    Mutations.Builder stage = Mutations.newBuilder();
    stage
        .addRequestMutationsBuilder()
        .setAppend(Protos.header(XdsNames.STAGE_HEADER, "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"));
    // Envoy does not retry a response with this header, which a full circuit breaker sets.
    stage.addResponseMutationsBuilder().setRemove("x-envoy-overloaded");
    List<HttpFilter> filters = new ArrayList<>();
    filters.add(HttpFilter.newBuilder()
        .setName(XdsNames.STAGE_FILTER)
        .setTypedConfig(Any.pack(HeaderMutation.newBuilder().setMutations(stage).build()))
        .build());
    Lua script =
        Lua.newBuilder().setDefaultSourceCode(LuaScripts.source(source())).build();
    filters.addAll(UpstreamFilters.of(XdsNames.STAGES_FILTER, script));
    return filters;
  }

  private static String source() {
    return "local facts = " + LoopFacts.table() + " local refusal = [=[" + NO_MODEL.json() + "]=] "
        + LuaScripts.files("json-string.lua", "stages.lua").getInlineString();
  }
}
