package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Returns from the loop for large bodies what the gateway's access log cannot see: the pool, the pick, the pod. The
 * loop's listener adds the facts to a response as headers, and the loop's cluster takes them off into the dynamic
 * metadata of the request. A request that passes the loop twice returns them twice. A fact is a CEL expression over
 * Envoy's attributes; without a value the header is absent.
 */
final class LoopFacts {
  /** The dynamic metadata with the facts, by their names. */
  static final String NAMESPACE = "pointsman.loop";

  /** The condition that a request's cluster is a pool's, or the loop that leads to one. */
  static final String ON_POOL =
      "('" + PoolClusters.POOL + "' in xds.cluster_metadata.filter_metadata['" + XdsNames.METADATA
          + "'] || xds.cluster_name.startsWith('" + XdsNames.largeBodies("") + "'))";

  /** An expression without a value. */
  static final String NOTHING = "request.headers['x-pointsman-none']";

  private static final String PREFIX = "x-pointsman-loop-";

  private static final String PICKER_STATE = "filter_state['" + XdsNames.PICKER_FILTER + "']";

  private static final String SERVED = "upstream.address";

  /** The facts by name, without the loop. */
  private static final Map<String, String> DIRECT = direct();

  private LoopFacts() {}

  private static Map<String, String> direct() {
    String picks = EjectionAwareHostOverride.PICKED_NAMESPACE;
    String picked = "('" + picks + "' in metadata.filter_metadata ? metadata.filter_metadata['"
        + picks + "']['" + EjectionAwareHostOverride.PICKED + "'] : request.headers['"
        + XdsNames.DESTINATION_HEADER + "'])";
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("base_model", "request.headers['" + XdsNames.BASE_MODEL_HEADER + "']");
    facts.put(
        "pool",
        "xds.cluster_metadata.filter_metadata['" + XdsNames.METADATA + "']['" + PoolClusters.POOL
            + "']");
    facts.put("cluster", "xds.cluster_name");
    facts.put(
        "picker",
        "!('" + XdsNames.PICKER_FILTER + "' in filter_state) ? 'none' : " + PICKER_STATE
            + "['received_immediate_response'] == 1 ? 'refused' : " + PICKER_STATE
            + "['failed_open'] == 1 ? 'failed_open' : "
            + "response.code_details.startsWith('ext_proc_error') ? 'failed' : "
            + "'request_header_call_status' in " + PICKER_STATE + " ? 'ok' : 'none'");
    facts.put(
        "picker_service",
        "xds.cluster_metadata.filter_metadata['" + XdsNames.METADATA + "']['"
            + PoolClusters.PICKER_SERVICE + "']");
    facts.put("picked", picked);
    facts.put("served", SERVED);
    // Envoy has neither split() nor concatenation in CEL: a list is compared by its beginning.
    facts.put(
        "overruled",
        "(" + picked + ".contains(',') ? " + picked + ".startsWith(" + SERVED + ") : " + picked
            + " == " + SERVED + ") ? 'no' : 'yes'");
    facts.put("details", "response.code_details");
    return facts;
  }

  /** The facts as CEL expressions by name, with and without the loop. */
  static Map<String, String> expressions() {
    Map<String, String> facts = new LinkedHashMap<>();
    DIRECT.forEach((name, direct) -> facts.put(
        name,
        "'" + NAMESPACE + "' in metadata.filter_metadata ? metadata.filter_metadata['" + NAMESPACE
            + "']['" + name + "'] : (" + direct + ")"));
    return facts;
  }

  /** The filter of the loop's listener. It is the first one, because the first filter sees responses last. */
  static HttpFilter toHeaders() {
    Mutations.Builder mutations = Mutations.newBuilder();
    expressions().forEach((name, expression) -> {
      String header = header(name);
      mutations.addResponseMutations(
          io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
              .setRemove(header)); // a pod's
      mutations.addResponseMutations(
          io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation.newBuilder()
              .setAppend(Protos.header(header, "%CEL(" + expression + ")%")));
    });
    return HttpFilter.newBuilder()
        .setName(XdsNames.LOOP_FACTS_FILTER)
        .setTypedConfig(
            Any.pack(HeaderMutation.newBuilder().setMutations(mutations).build()))
        .build();
  }

  /** The names of the facts by their headers, as a table of Lua. */
  static String table() {
    StringBuilder facts = new StringBuilder();
    DIRECT
        .keySet()
        .forEach(name -> facts
            .append("[\"")
            .append(header(name))
            .append("\"] = \"")
            .append(name)
            .append("\","));
    return "{" + facts + "}";
  }

  /** The filters of the loop's cluster. */
  static List<HttpFilter> toMetadata() {
    String source = """
        local facts = %s
        function envoy_on_response(handle)
          local headers = handle:headers()
          local metadata = handle:streamInfo():dynamicMetadata()
          for header, fact in pairs(facts) do
            local value = headers:get(header)
            if value then
              metadata:set("%s", fact, value)
              headers:remove(header)
            end
          end
        end
        """.formatted(table(), NAMESPACE);
    Lua script =
        Lua.newBuilder().setDefaultSourceCode(LuaScripts.source(source)).build();
    return UpstreamFilters.of(XdsNames.LOOP_FACTS_FILTER, script);
  }

  private static String header(String fact) {
    return PREFIX + fact.replace('_', '-');
  }
}
