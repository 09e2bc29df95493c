package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BufferedBodiesTest {
  private static final String NAME = "filter";
  private static final Route ON =
      Route.newBuilder().putTypedPerFilterConfig(NAME, DisabledFilters.ON).build();

  static Stream<Message> holding() {
    return Stream.of(
        Buffer.getDefaultInstance(),
        Lua.getDefaultInstance(),
        ExtAuthz.newBuilder()
            .setWithRequestBody(BufferSettings.getDefaultInstance())
            .build(),
        processor(BodySendMode.BUFFERED));
  }

  @ParameterizedTest
  @MethodSource("holding")
  void filterThatMayHoldABody(Message config) {
    BufferedBodies held = held(config, 32 << 10);
    assertThat(held.on(ON)).isTrue();
    assertThat(held.on(Route.getDefaultInstance())).isFalse();
    assertThat(held.on(ON.toBuilder()
            .putTypedPerFilterConfig(
                NAME, Any.pack(FilterConfig.newBuilder().setDisabled(true).build()))
            .build()))
        .isFalse();
  }

  static Stream<Message> passingOn() {
    return Stream.of(
        Cors.getDefaultInstance(),
        ExtAuthz.getDefaultInstance(),
        processor(BodySendMode.STREAMED),
        processor(BodySendMode.NONE));
  }

  @ParameterizedTest
  @MethodSource("passingOn")
  void filterThatPassesBodiesOn(Message config) {
    assertThat(held(config, 32 << 10).on(ON)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"32768, false", "3999999, false", "4000000, true", "20971520, true"})
  void bufferThatTakesALargeBodyAtOnce(long bytes, boolean takes) {
    assertThat(held(Cors.getDefaultInstance(), bytes).on(Route.getDefaultInstance()))
        .isEqualTo(takes);
  }

  /** Not a body whose length is small. */
  @Test
  void lengthIsLargeOrUnknown() {
    var length =
        BufferedBodies.maybeLarge(Route.getDefaultInstance().getMatch()).getHeaders(0);
    assertThat(length.getInvertMatch()).isTrue();
    assertThat(length.getTreatMissingHeaderAsEmpty()).isTrue();
    assertThat(length.getRangeMatch().getStart()).isZero();
    assertThat(length.getRangeMatch().getEnd()).isEqualTo(4_000_000);
  }

  private static ExternalProcessor processor(BodySendMode mode) {
    return ExternalProcessor.newBuilder()
        .setProcessingMode(ProcessingMode.newBuilder().setRequestBodyMode(mode))
        .build();
  }

  private static BufferedBodies held(Message config, long bufferBytes) {
    HttpFilter filter = HttpFilter.newBuilder()
        .setName(NAME)
        .setTypedConfig(Any.pack(config))
        .setDisabled(true)
        .build();
    return BufferedBodies.of(
        new GatewayFilters(List.of(filter), false, bufferBytes, false, Optional.empty()));
  }
}
