package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor.RouteCacheAction;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.MetadataOptions;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BodyProcessorsTest {
  private static final String NAME = "envoy.filters.http.ext_proc//team/guard/extproc/0";

  @ParameterizedTest
  @EnumSource(names = {"STREAMED", "FULL_DUPLEX_STREAMED"})
  void piecesAreTakenBehindTheLoop(BodySendMode mode) {
    List<HttpFilter> filters = List.of(filter(mode, with -> with), filter(mode, with -> with));
    BodyProcessors processors = BodyProcessors.of(filters);
    assertThat(processors.streaming()).containsExactly(NAME);
    assertThat(processors.nonStreaming()).isEmpty();
    assertThat(BodyProcessors.inLoop(filters))
        .as("once, and the route is final there")
        .containsExactly(filter(mode, with -> with.setRouteCacheAction(RouteCacheAction.RETAIN)));
  }

  static Stream<UnaryOperator<ExternalProcessor.Builder>> needsOfTheFront() {
    return Stream.of(
        with -> with.setAllowModeOverride(true),
        with -> with.addRequestAttributes("source.address"),
        with -> with.addResponseAttributes("connection.mtls"),
        with -> with.setMetadataOptions(MetadataOptions.getDefaultInstance()));
  }

  /** The loop would take something away from it that may decide. */
  @ParameterizedTest
  @MethodSource("needsOfTheFront")
  void processorThatNeedsTheFrontStaysThere(UnaryOperator<ExternalProcessor.Builder> needs) {
    List<HttpFilter> filters = List.of(filter(BodySendMode.STREAMED, needs));
    assertThat(BodyProcessors.of(filters).nonStreaming()).containsExactly(NAME);
    assertThat(BodyProcessors.inLoop(filters)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"BUFFERED", "BUFFERED_PARTIAL"})
  void wholeBodiesDoNotFailOpen(BodySendMode mode) throws Exception {
    BodyProcessors processors =
        BodyProcessors.of(List.of(filter(mode, with -> with.setFailureModeAllow(true))));
    Route route =
        Route.newBuilder().putTypedPerFilterConfig(NAME, DisabledFilters.ON).build();
    ExtProcPerRoute front = processors
        .beforeLoop(route)
        .getTypedPerFilterConfigOrThrow(NAME)
        .unpack(ExtProcPerRoute.class);
    assertThat(front.getOverrides().hasFailureModeAllow()).isTrue();
    assertThat(front.getOverrides().getFailureModeAllow().getValue()).isFalse();
    assertThat(processors.needLoop(route)).isFalse();
  }

  @Test
  void routeThatDoesNotWantItStaysAsItIs() {
    BodyProcessors processors =
        BodyProcessors.of(List.of(filter(BodySendMode.STREAMED, with -> with)));
    Route without = Route.getDefaultInstance();
    Route off = Route.newBuilder()
        .putTypedPerFilterConfig(
            NAME, Any.pack(ExtProcPerRoute.newBuilder().setDisabled(true).build()))
        .build();
    for (Route route : List.of(without, off)) {
      assertThat(processors.needLoop(route)).isFalse();
      assertThat(processors.beforeLoop(route)).isSameAs(route);
    }
  }

  @Test
  void processorOfHeadersAloneIsNone() {
    assertThat(BodyProcessors.of(List.of(filter(BodySendMode.NONE, with -> with))))
        .isEqualTo(BodyProcessors.NONE);
  }

  private static HttpFilter filter(
      BodySendMode mode, UnaryOperator<ExternalProcessor.Builder> with) {
    ExternalProcessor.Builder processor = ExternalProcessor.newBuilder();
    processor.getProcessingModeBuilder().setRequestBodyMode(mode);
    return HttpFilter.newBuilder()
        .setName(NAME)
        .setTypedConfig(Any.pack(with.apply(processor).build()))
        .setDisabled(true)
        .build();
  }
}
