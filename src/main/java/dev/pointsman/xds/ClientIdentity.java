package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.InferencePolicy.FairnessSource;
import dev.pointsman.model.InferencePolicy.Identity;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;

/**
 * The request headers by which pickers decide on fairness, priority and the model's name. On routes to pools a client's
 * are removed before the user's filters run, so that those (JWT, external authorization, API keys) may set them, and a
 * policy's are set after them. The filters are not {@code disabled}: Envoy decides that before the model is known.
 */
final class ClientIdentity {
  private static final String FAIRNESS = "inference-fairness-id";
  private static final String OBJECTIVE = "inference-objective";

  /** The prefix of headers in the Inference Extension. */
  private static final String GATEWAY = "x-gateway-";

  /** The prefix of the same headers in llm-d, whose pickers accept both. */
  private static final String LLM_D = "x-llm-d-";

  /** The name of the script in the listener: a mutation in each route would take twice its bytes. */
  private static final String SCRIPT = "clients";

  /** Headers must not be removed while they are iterated. */
  private static final String SOURCE = """
      function envoy_on_request(handle)
        local headers, found = handle:headers(), {}
        for name in pairs(headers) do
          if name:find("%1$sinference-", 1, true) == 1 or name:find("%2$s", 1, true) == 1
              or name == "%1$smodel-name-rewrite" then
            found[#found + 1] = name
          end
        end
        for _, name in ipairs(found) do headers:remove(name) end
      end
      """.formatted(GATEWAY, LLM_D);

  /** The values that become a fairness ID: visible characters of ASCII. */
  private static final String VALID = "^[!-~]+$";

  private static final int LONGEST = 256;

  private static final Any REMOVAL = LuaScripts.run(SCRIPT);

  private ClientIdentity() {}

  /** The filter before the user's filters. It removes nothing until a route says so. */
  static HttpFilter removal() {
    Lua script = Lua.newBuilder()
        .putSourceCodes(SCRIPT, LuaScripts.source(SOURCE))
        .setClearRouteCache(Protos.bool(false))
        .build();
    return HttpFilter.newBuilder()
        .setName(XdsNames.CLIENT_STEERING_FILTER)
        .setTypedConfig(Any.pack(script))
        .build();
  }

  /** The filter before the picker's. It sets nothing until a route says so. */
  static HttpFilter filter() {
    return HttpFilter.newBuilder()
        .setName(XdsNames.IDENTITY_FILTER)
        .setTypedConfig(Any.pack(io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3
            .HeaderMutation.getDefaultInstance()))
        .build();
  }

  /** The removal from copies of requests whose route does not lead to pools, and so keeps the headers. */
  static List<HeaderMutation> removalFromCopies() {
    return List.of(
        removal(StringMatcher.newBuilder().setPrefix(GATEWAY + "inference-")),
        removal(StringMatcher.newBuilder().setPrefix(LLM_D)),
        removal(StringMatcher.newBuilder().setExact(GATEWAY + "model-name-rewrite")));
  }

  private static HeaderMutation removal(StringMatcher.Builder names) {
    return HeaderMutation.newBuilder()
        .setRemoveOnMatch(HeaderMutation.RemoveOnMatch.newBuilder().setKeyMatcher(names))
        .build();
  }

  /** Whether the route removes the headers from clients' requests. */
  static boolean removes(Route route) {
    return route.containsTypedPerFilterConfig(XdsNames.CLIENT_STEERING_FILTER);
  }

  /** The route to pools with the identity of its clients. */
  static Route on(Route route, Identity identity) {
    Route.Builder on = route.toBuilder();
    if (!identity.keepsClientHeaders()) {
      on.putTypedPerFilterConfig(XdsNames.CLIENT_STEERING_FILTER, REMOVAL);
    }
    Mutations.Builder mutations = Mutations.newBuilder();
    identity
        .fairness()
        .ifPresent(source -> set(FAIRNESS, "%CEL(" + valid(source) + ")%", mutations));
    identity.objective().ifPresent(name -> set(OBJECTIVE, name, mutations));
    if (mutations.getRequestMutationsCount() > 0) {
      on.putTypedPerFilterConfig(XdsNames.IDENTITY_FILTER, Any.pack(perRoute(mutations)));
    }
    return on.build();
  }

  /** Sets a header in place of those that came. Without a value it is absent. */
  private static void set(String header, String value, Mutations.Builder mutations) {
    mutations.addRequestMutations(HeaderMutation.newBuilder().setRemove(LLM_D + header));
    mutations.addRequestMutations(HeaderMutation.newBuilder().setRemove(GATEWAY + header));
    mutations.addRequestMutations(
        HeaderMutation.newBuilder().setAppend(Protos.header(GATEWAY + header, value)));
  }

  private static String valid(FairnessSource source) {
    String value = switch (source) {
      case FairnessSource.FromHeader(String name) -> "request.headers['" + name + "']";
      case FairnessSource.FromClaim(String provider, String claim) ->
        "metadata.filter_metadata['envoy.filters.http.jwt_authn']['" + provider + "']['" + claim
            + "']";
    };
    return "size(" + value + ") <= " + LONGEST + " && " + value + ".matches('" + VALID + "') ? "
        + value + " : " + LoopFacts.NOTHING;
  }

  private static HeaderMutationPerRoute perRoute(Mutations.Builder mutations) {
    return HeaderMutationPerRoute.newBuilder().setMutations(mutations).build();
  }
}
