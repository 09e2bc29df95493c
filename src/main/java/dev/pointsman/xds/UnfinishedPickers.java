package dev.pointsman.xds;

import dev.pointsman.model.PickerEnd;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/**
 * Treats the end of a picker's stream as a failure, whatever its status. Envoy ends the streams itself, so a picker
 * that ends a stream has not finished. ext_proc treats status 0 as "no changes" and continues without the bytes that
 * the picker still holds: pods would get half a request, and clients half a response.
 *
 * <p>A picker may be allowed to end its streams after requests. A script then reads the messages of the stream: status 0
 * remains if the whole request has come back and no byte of a response's body is with the picker. Each such cluster
 * costs some 0.1 MB of memory a thread of Envoy, so that it is no default.
 */
final class UnfinishedPickers {
  /** UNAVAILABLE, as for a crashed picker. */
  private static final String FAILED = "14";

  private static final List<HttpFilter> ALWAYS = UpstreamFilters.of(
      XdsNames.UNFINISHED_FILTER,
      io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation.newBuilder()
          .setMutations(failure())
          .build());

  private static final List<HttpFilter> WITHIN_THE_REQUEST = UpstreamFilters.of(
      XdsNames.UNFINISHED_FILTER,
      Lua.newBuilder().setDefaultSourceCode(LuaScripts.files("picker-end.lua")).build());

  private UnfinishedPickers() {}

  /** The filters of a picker's cluster. */
  static List<HttpFilter> filters(PickerEnd mayEnd) {
    return switch (mayEnd) {
      case AFTER_RESPONSE -> ALWAYS;
      case AFTER_REQUEST -> WITHIN_THE_REQUEST;
    };
  }

  private static Mutations failure() {
    HeaderMutation failed = HeaderMutation.newBuilder()
        .setAppend(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder().setKey("grpc-status").setValue(FAILED))
            .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS))
        .build();
    return Mutations.newBuilder()
        .addResponseMutations(failed) // a trailers-only response
        .addResponseTrailersMutations(failed)
        .build();
  }
}
