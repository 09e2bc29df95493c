package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.google.protobuf.Any;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.FailureMode;
import dev.pointsman.plan.PickerSettings;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.GrpcService.EnvoyGrpc;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcOverrides;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.MetadataOptions;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.MetadataOptions.MetadataNamespaces;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.HeaderSendMode;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asks the pool's endpoint picker. One ext_proc filter for each listener, the same whatever pools there are; each route
 * or weighted cluster of a pool overrides which picker it asks.
 */
final class EndpointPickerFilter {
  /** For requests without a body; those with one wait as long as their route does. */
  private static final long MESSAGE_TIMEOUT_SECONDS = 10;

  /** The metadata that pickers are told and may set. No host is chosen by it: mirrored requests inherit it. */
  private static final MetadataNamespaces PICKERS =
      MetadataNamespaces.newBuilder().addUntyped(XdsNames.LB_NAMESPACE).build();

  /** Early answers first: conditions on a request that has not come here cannot be decided, and hide those behind them. */
  private static final List<FieldMatcher> SKIPPED = Stream.of(
          List.of(EarlyAnswers.exchanges()), Upgrades.requests(), BodilessResponses.exchanges())
      .flatMap(List::stream)
      .toList();

  private EndpointPickerFilter() {}

  /**
   * The filters of a listener, in their order. They ask no picker by themselves, but are not {@code disabled}: Envoy
   * decides that on the request's first route, which is another one than the model's.
   */
  static List<HttpFilter> filters() {
    ExternalProcessor inactive = ExternalProcessor.newBuilder()
        .setGrpcService(picker(XdsNames.UNROUTED_CLUSTER))
        .setMessageTimeout(Protos.seconds(MESSAGE_TIMEOUT_SECONDS))
        .setProcessingMode(ProcessingMode.newBuilder()
            .setRequestHeaderMode(HeaderSendMode.SKIP)
            .setResponseHeaderMode(HeaderSendMode.SKIP)
            .setRequestTrailerMode(HeaderSendMode.SKIP)
            .setResponseTrailerMode(HeaderSendMode.SKIP))
        .setRouteCacheAction(ExternalProcessor.RouteCacheAction.RETAIN)
        .setMutationRules(PickerMutationRules.rules())
        .setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
        // Not others: filters of Envoy's trust what stands in theirs.
        .setMetadataOptions(MetadataOptions.newBuilder()
            .setForwardingNamespaces(PICKERS)
            .setReceivingNamespaces(PICKERS))
        .build();
    HttpFilter picker = HttpFilter.newBuilder()
        .setName(XdsNames.PICKER_FILTER)
        .setTypedConfig(Any.pack(inactive))
        .build();
    return List.of(EarlyAnswers.mark(), SkippableFilter.filter(picker, SKIPPED));
  }

  /** What makes a route or a weighted cluster ask the picker. */
  static Any perRoute(EndpointPicker picker, PickerSettings settings) {
    FailureMode failureMode = settings.failureMode().orElse(picker.failureMode());
    ExtProcOverrides overrides = ExtProcOverrides.newBuilder()
        .setGrpcService(picker(XdsNames.picker(picker.service(), settings.connection())))
        // The only mode that stock pickers accept.
        .setProcessingMode(ProcessingMode.newBuilder()
            .setRequestHeaderMode(HeaderSendMode.SEND)
            .setRequestBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
            .setRequestTrailerMode(HeaderSendMode.SEND)
            .setResponseHeaderMode(HeaderSendMode.SEND)
            .setResponseBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
            .setResponseTrailerMode(HeaderSendMode.SEND))
        .setFailureModeAllow(Protos.bool(failureMode == FailureMode.FAIL_OPEN))
        .build();
    return Any.pack(ExtProcPerRoute.newBuilder().setOverrides(overrides).build());
  }

  private static GrpcService picker(String cluster) {
    return GrpcService.newBuilder()
        .setEnvoyGrpc(EnvoyGrpc.newBuilder().setClusterName(cluster))
        .build();
  }
}
