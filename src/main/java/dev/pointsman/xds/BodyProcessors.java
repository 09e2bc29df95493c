package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor.RouteCacheAction;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Users' external processors that may receive the bodies of requests. The extraction buffers a body, so a processor
 * before the loop would receive it as one message, which gRPC servers refuse above 4 MiB; a processor that fails open
 * would be skipped. So streaming processors run in the loop, and no other processor fails open for a large body.
 *
 * @param streaming the names of processors that stream bodies and need nothing that is missing in the loop
 * @param nonStreaming the names of the other processors
 * @param failOpen the names of the other processors that fail open
 */
public record BodyProcessors(
    SortedSet<String> streaming, SortedSet<String> nonStreaming, SortedSet<String> failOpen) {
  /** No processors. */
  public static final BodyProcessors NONE =
      new BodyProcessors(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  private static final Any OFF =
      Any.pack(ExtProcPerRoute.newBuilder().setDisabled(true).build());

  public BodyProcessors {
    streaming = Collections.unmodifiableSortedSet(new TreeSet<>(streaming));
    nonStreaming = Collections.unmodifiableSortedSet(new TreeSet<>(nonStreaming));
    failOpen = Collections.unmodifiableSortedSet(new TreeSet<>(failOpen));
  }

  /**
   * The processors among a listener's filters.
   *
   * @param disabled the listener's filters that are disabled until a route enables them
   */
  static BodyProcessors of(List<HttpFilter> disabled) {
    SortedSet<String> streaming = new TreeSet<>();
    SortedSet<String> nonStreaming = new TreeSet<>();
    SortedSet<String> failOpen = new TreeSet<>();
    for (HttpFilter filter : disabled) {
      processor(filter).filter(BodyProcessors::takesBodies).ifPresent(processor -> {
        if (isStreaming(processor)) {
          streaming.add(filter.getName());
        } else {
          nonStreaming.add(filter.getName());
          if (processor.getFailureModeAllow()) {
            failOpen.add(filter.getName());
          }
        }
      });
    }
    return new BodyProcessors(streaming, nonStreaming, failOpen);
  }

  /**
   * The filters of the loop listener. The route there is final, because its token has already been removed.
   *
   * @param disabled the filters of the gateway's listeners that are disabled until a route enables them
   */
  public static List<HttpFilter> inLoop(List<HttpFilter> disabled) {
    SortedSet<String> streaming = of(disabled).streaming();
    List<HttpFilter> filters = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (HttpFilter filter : disabled) {
      if (streaming.contains(filter.getName()) && names.add(filter.getName())) {
        ExternalProcessor.Builder processor = processor(filter).orElseThrow().toBuilder();
        processor.clearDisableClearRouteCache().setRouteCacheAction(RouteCacheAction.RETAIN);
        filters.add(
            filter.toBuilder().setTypedConfig(Any.pack(processor.build())).build());
      }
    }
    return filters;
  }

  private static Optional<ExternalProcessor> processor(HttpFilter filter) {
    try {
      return filter.getTypedConfig().is(ExternalProcessor.class)
          ? Optional.of(filter.getTypedConfig().unpack(ExternalProcessor.class))
          : Optional.empty();
    } catch (InvalidProtocolBufferException broken) {
      return Optional.empty(); // Envoy rejects it
    }
  }

  private static boolean takesBodies(ExternalProcessor processor) {
    return processor.getProcessingMode().getRequestBodyMode() != BodySendMode.NONE
        || processor.getAllowModeOverride();
  }

  /** Attributes of the connection and other filters' metadata are not available in the loop. */
  private static boolean isStreaming(ExternalProcessor processor) {
    BodySendMode mode = processor.getProcessingMode().getRequestBodyMode();
    return (mode == BodySendMode.STREAMED || mode == BodySendMode.FULL_DUPLEX_STREAMED)
        && !processor.getAllowModeOverride()
        && processor.getRequestAttributesCount() == 0
        && processor.getResponseAttributesCount() == 0
        && !processor.hasMetadataOptions();
  }

  /** Whether the route's large bodies need the loop. */
  boolean needLoop(Route route) {
    return streaming.stream().anyMatch(filter -> isOn(route, filter));
  }

  /** The route of large bodies before the loop; the same instance if nothing changes. */
  Route beforeLoop(Route route) {
    Route.Builder front = route.toBuilder();
    streaming.stream()
        .filter(filter -> isOn(route, filter))
        .forEach(filter -> front.putTypedPerFilterConfig(filter, OFF));
    failOpen.stream()
        .filter(filter -> isOn(route, filter))
        .forEach(filter -> front.putTypedPerFilterConfig(filter, failingClosed(route, filter)));
    Route result = front.build();
    return result.equals(route) ? route : result;
  }

  private static Any failingClosed(Route route, String filter) {
    ExtProcPerRoute.Builder failingClosed = perRoute(route, filter).toBuilder();
    failingClosed.getOverridesBuilder().getFailureModeAllowBuilder().setValue(false);
    return Any.pack(failingClosed.build());
  }

  private static ExtProcPerRoute perRoute(Route route, String filter) {
    Any config = route.getTypedPerFilterConfigOrDefault(filter, Any.getDefaultInstance());
    try {
      Any own =
          config.is(FilterConfig.class) ? config.unpack(FilterConfig.class).getConfig() : config;
      return own.is(ExtProcPerRoute.class)
          ? own.unpack(ExtProcPerRoute.class)
          : ExtProcPerRoute.getDefaultInstance();
    } catch (InvalidProtocolBufferException broken) {
      return ExtProcPerRoute.getDefaultInstance(); // Envoy rejects it
    }
  }

  /** Whether a user's filter that is disabled on the listener is on for the route. */
  static boolean isOn(Route route, String filter) {
    return route.containsTypedPerFilterConfig(filter)
        && !perRoute(route, filter).getDisabled()
        && !Gates.isOff(route.getTypedPerFilterConfigOrThrow(filter));
  }
}
