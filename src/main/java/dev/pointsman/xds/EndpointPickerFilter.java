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
 * Sends requests to the pool's endpoint picker. Each listener has one ext_proc filter, which does not depend on the
 * pools; each route or weighted cluster of a pool selects its picker by an override.
 */
final class EndpointPickerFilter {
  /** The timeout of requests without a body; requests with a body are limited by their route. */
  private static final long MESSAGE_TIMEOUT_SECONDS = 10;

  /** The metadata that pickers receive and may set. It selects no host, because mirrored requests inherit it. */
  private static final MetadataNamespaces PICKERS =
      MetadataNamespaces.newBuilder().addUntyped(XdsNames.LB_NAMESPACE).build();

  /**
   * The condition for early answers is first. Conditions on a request that has not reached the filter are undecided,
   * and end the evaluation.
   */
  private static final List<FieldMatcher> SKIPPED = Stream.of(
          List.of(EarlyAnswers.exchanges()), Upgrades.requests(), BodilessResponses.exchanges())
      .flatMap(List::stream)
      .toList();

  private EndpointPickerFilter() {}

  /**
   * The filters of a listener, in their order. They call no picker until a route overrides them, but are not
   * {@code disabled}: Envoy decides that by the request's initial route, which is not the model's route.
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
        // Only this namespace: Envoy's filters trust the metadata in theirs.
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

  /**
   * The override with which a route or a weighted cluster uses the picker.
   *
   * @param hints whether the picker is told the endpoints from which it must choose
   */
  static Any perRoute(EndpointPicker picker, PickerSettings settings, boolean hints) {
    FailureMode failureMode = settings.failureMode().orElse(picker.failureMode());
    ExtProcOverrides.Builder overrides = ExtProcOverrides.newBuilder()
        .setGrpcService(picker(XdsNames.picker(picker.service(), settings.connection())))
        // The only mode that stock pickers accept.
        .setProcessingMode(ProcessingMode.newBuilder()
            .setRequestHeaderMode(HeaderSendMode.SEND)
            .setRequestBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
            .setRequestTrailerMode(HeaderSendMode.SEND)
            .setResponseHeaderMode(HeaderSendMode.SEND)
            .setResponseBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
            .setResponseTrailerMode(HeaderSendMode.SEND))
        .setFailureModeAllow(Protos.bool(failureMode == FailureMode.FAIL_OPEN));
    if (hints) {
      overrides
          .getMetadataOptionsBuilder()
          .setForwardingNamespaces(PICKERS.toBuilder().addUntyped(SubsetHint.NAMESPACE));
    }
    return Any.pack(ExtProcPerRoute.newBuilder().setOverrides(overrides).build());
  }

  private static GrpcService picker(String cluster) {
    return GrpcService.newBuilder()
        .setEnvoyGrpc(EnvoyGrpc.newBuilder().setClusterName(cluster))
        .build();
  }
}
