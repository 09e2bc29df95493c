package dev.pointsman.xds;

import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/**
 * Treats the end of a picker's stream as a failure, whatever its status. Envoy ends the streams itself, so a picker
 * that ends a stream has not finished. ext_proc treats status 0 as "no changes" and continues without the bytes that
 * the picker still holds: pods would get half a request, and clients half a response.
 */
final class UnfinishedPickers {
  /** UNAVAILABLE, as for a crashed picker. */
  private static final String FAILED = "14";

  private UnfinishedPickers() {}

  /** The filters of a picker's cluster. */
  static List<HttpFilter> filters() {
    HeaderMutation failed = HeaderMutation.newBuilder()
        .setAppend(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder().setKey("grpc-status").setValue(FAILED))
            .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS))
        .build();
    Mutations mutations = Mutations.newBuilder()
        .addResponseMutations(failed) // a trailers-only response
        .addResponseTrailersMutations(failed)
        .build();
    return UpstreamFilters.of(
        XdsNames.UNFINISHED_FILTER,
        io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation.newBuilder()
            .setMutations(mutations)
            .build());
  }
}
