package dev.pointsman.page;

import com.google.protobuf.Any;
import dev.pointsman.xds.KnownTypes;
import java.util.Set;

/**
 * The extensions of Envoy whose configuration is shown. Others may hold credentials in any field: users of basic
 * authentication, API keys, OAuth2's secrets.
 */
final class ShownTypes {
  private static final String EXTENSIONS = "envoy.extensions.";

  private static final Set<String> SHOWN = Set.of(
      "common.matching.v3.ExtensionWithMatcher",
      "filters.common.matcher.action.v3.SkipFilter",
      "filters.http.ext_proc.v3.ExternalProcessor",
      "filters.http.ext_proc.v3.ExtProcPerRoute",
      "filters.http.header_mutation.v3.HeaderMutation",
      "filters.http.header_mutation.v3.HeaderMutationPerRoute",
      "filters.http.json_to_metadata.v3.JsonToMetadata",
      "filters.http.lua.v3.Lua",
      "filters.http.lua.v3.LuaPerRoute",
      "filters.http.router.v3.Router",
      "filters.http.set_filter_state.v3.Config",
      "filters.http.upstream_codec.v3.UpstreamCodec",
      "filters.network.http_connection_manager.v3.HttpConnectionManager",
      "http.early_header_mutation.header_mutation.v3.HeaderMutation",
      "load_balancing_policies.least_request.v3.LeastRequest",
      "load_balancing_policies.override_host.v3.OverrideHost",
      "load_balancing_policies.random.v3.Random",
      "load_balancing_policies.round_robin.v3.RoundRobin",
      "matching.common_inputs.network.v3.FilterStateInput",
      "retry.host.previous_hosts.v3.PreviousHostsPredicate",
      "transport_sockets.tls.v3.DownstreamTlsContext",
      "transport_sockets.tls.v3.UpstreamTlsContext",
      "upstreams.http.v3.HttpProtocolOptions");

  private static final Set<String> OTHERS = Set.of(
      "envoy.config.route.v3.FilterConfig", "envoy.type.matcher.v3.HttpRequestHeaderMatchInput");

  private ShownTypes() {}

  static boolean isShown(Any any) {
    String type = any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
    boolean isListed = OTHERS.contains(type)
        || type.startsWith(EXTENSIONS) && SHOWN.contains(type.substring(EXTENSIONS.length()));
    return isListed && KnownTypes.unpack(any).isPresent();
  }
}
