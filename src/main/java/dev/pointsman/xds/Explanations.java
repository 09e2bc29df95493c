package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.pointsman.model.InferencePolicy.Explain;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Adds a response header with the facts of the access log, for requests that a policy allows to ask for it. A script
 * checks the request on the policy's routes, and the filter with the expressions is skipped by all other requests.
 */
final class Explanations {
  private static final String HEADER = "x-pointsman-explain";
  private static final String SCRIPT = "explain";

  /** The dynamic metadata of allowed requests, which the script sets. */
  private static final String NAMESPACE = "pointsman.explain";

  private static final String ALLOWED = "allowed";

  private static final List<HttpFilter> FILTERS = List.of(check(), explanation());

  private Explanations() {}

  /** The filters of a listener, in their order before the picker's. They have no effect until a route says so. */
  static List<HttpFilter> filters() {
    return FILTERS;
  }

  private static HttpFilter check() {
    Lua script = Lua.newBuilder()
        .putSourceCodes(SCRIPT, LuaScripts.files("explain.lua"))
        .setClearRouteCache(Protos.bool(false))
        .build();
    return HttpFilter.newBuilder()
        .setName(XdsNames.EXPLAIN_FILTER)
        .setTypedConfig(Any.pack(script))
        .build();
  }

  private static HttpFilter explanation() {
    Mutations.Builder mutations = Mutations.newBuilder()
        .addResponseMutations(
            io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
                .setRemove(HEADER)) // a pod's
        .addResponseMutations(
            io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
                .setAppend(Protos.header(HEADER, text())));
    HttpFilter filter = HttpFilter.newBuilder()
        .setName(XdsNames.EXPLANATION_FILTER)
        .setTypedConfig(
            Any.pack(HeaderMutation.newBuilder().setMutations(mutations).build()))
        .build();
    return SkippableFilter.filter(filter, List.of(SkippableFilter.unknown(NAMESPACE, ALLOWED)));
  }

  /** The model is last, because it may have any characters, those of this format included. */
  private static String text() {
    Map<String, String> facts = LoopFacts.expressions();
    return Stream.concat(
            Stream.of(
                    "pool",
                    "cluster",
                    "picker",
                    "picker_service",
                    "served",
                    "overruled",
                    "picked",
                    "base_model")
                .map(fact -> fact + "=%CEL(" + facts.get(fact) + ")%"),
            Stream.of("model=%REQ(" + XdsNames.MODEL_HEADER + ")%"))
        .collect(Collectors.joining("; "));
  }

  /** The route with explanations for the requests that the policy allows. */
  static Route on(Route route, Explain explain) {
    Struct.Builder by = Struct.newBuilder();
    explain.secretSha256().ifPresent(digest -> by.mergeFrom(Structs.text("sha256", digest)));
    explain
        .claim()
        .ifPresent(claim -> by.mergeFrom(Structs.text("provider", claim.provider()))
            .mergeFrom(Structs.text("claim", claim.name()))
            .mergeFrom(Structs.text("value", claim.value())));
    LuaPerRoute script =
        LuaPerRoute.newBuilder().setName(SCRIPT).setFilterContext(by).build();
    return route.toBuilder()
        .putTypedPerFilterConfig(XdsNames.EXPLAIN_FILTER, Any.pack(script))
        .build();
  }
}
