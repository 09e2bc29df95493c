package dev.pointsman.xds;

import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.List;

/**
 * Removes headers that only the gateway may set, before Envoy selects a route. An HTTP filter would be too late: Envoy
 * selects the route before the filters run.
 */
final class ClientHeaders {
  private ClientHeaders() {}

  /** The early mutation that removes the headers from clients' requests. */
  static TypedExtensionConfig strip(List<String> headers) {
    io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation
            .Builder
        mutation = io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3
            .HeaderMutation.newBuilder();
    headers.forEach(header -> mutation.addMutations(HeaderMutation.newBuilder().setRemove(header)));
    return Protos.extension(XdsNames.STRIP_HEADERS, mutation.build());
  }
}
