package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.HeaderSendMode;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.wasm.v3.Wasm;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PausingFiltersTest {
  private static final String NAME = "envoy.filters.http.ext_proc//team/guard/extproc/0";
  private static final ProcessingMode REQUEST_HEADERS =
      ProcessingMode.newBuilder().setResponseHeaderMode(HeaderSendMode.SKIP).build();

  static Stream<Arguments> filters() {
    return Stream.of(
        arguments("headers of requests", processor(REQUEST_HEADERS), false),
        arguments("whole bodies of requests", processor(requests(BodySendMode.BUFFERED)), false),
        arguments("chunks of requests", processor(requests(BodySendMode.STREAMED)), true),
        arguments("all of a request", processor(requests(BodySendMode.FULL_DUPLEX_STREAMED)), true),
        arguments(
            "headers of responses, by Envoy's default",
            processor(ProcessingMode.getDefaultInstance()),
            true),
        arguments(
            "bodies of responses",
            processor(REQUEST_HEADERS.toBuilder()
                .setResponseBodyMode(BodySendMode.BUFFERED)
                .build()),
            true),
        arguments(
            "what it asks for at run time",
            ExternalProcessor.newBuilder()
                .setProcessingMode(REQUEST_HEADERS)
                .setAllowModeOverride(true)
                .build(),
            true),
        arguments("a program", Wasm.getDefaultInstance(), true),
        arguments(
            "a script for requests",
            script("function envoy_on_request(h) h:httpCall('a') end"),
            false),
        arguments(
            "a script that answers at once", script("function envoy_on_response(h) end"), false),
        arguments(
            "a script that calls out",
            script("function envoy_on_response(h) h:httpCall('a') end"),
            true));
  }

  private static ProcessingMode requests(BodySendMode mode) {
    return REQUEST_HEADERS.toBuilder().setRequestBodyMode(mode).build();
  }

  private static ExternalProcessor processor(ProcessingMode mode) {
    return ExternalProcessor.newBuilder().setProcessingMode(mode).build();
  }

  private static Lua script(String code) {
    return Lua.newBuilder()
        .setDefaultSourceCode(DataSource.newBuilder().setInlineString(code))
        .build();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("filters")
  void holdMessages(String takes, Message config, boolean pauses) {
    assertThat(of(config).names()).hasSize(pauses ? 1 : 0);
    assertThat(of(config).on(route(Any.pack(ExtProcPerRoute.getDefaultInstance()))))
        .isEqualTo(pauses);
  }

  @Test
  void countOnlyWhereTheyAreOn() {
    PausingFilters filters = of(processor(ProcessingMode.getDefaultInstance()));
    assertThat(filters.on(Route.getDefaultInstance())).isFalse();
    assertThat(filters.on(
            route(Any.pack(ExtProcPerRoute.newBuilder().setDisabled(true).build()))))
        .isFalse();
  }

  private static Route route(Any config) {
    return Route.newBuilder().putTypedPerFilterConfig(NAME, config).build();
  }

  private static PausingFilters of(Message config) {
    return PausingFilters.of(List.of(HttpFilter.newBuilder()
        .setName(NAME)
        .setDisabled(true)
        .setTypedConfig(Any.pack(config))
        .build()));
  }
}
