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
 * Users' own external processors that may take the bodies of requests. The extraction of the model has buffered a body,
 * and a processor in front of the loop would get it as one message, which gRPC servers refuse above 4 MiB; one that fails
 * open would be passed by. So those that take bodies piece by piece run behind the loop, and no other one fails open for
 * a large body.
 *
 * @param streaming the names of those that take bodies piece by piece, and need nothing that is not behind the loop
 * @param whole the names of the others
 * @param failOpen the names of those of the others that requests pass when they fail
 */
public record BodyProcessors(
    SortedSet<String> streaming, SortedSet<String> whole, SortedSet<String> failOpen) {
  /** None. */
  public static final BodyProcessors NONE =
      new BodyProcessors(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  private static final Any OFF =
      Any.pack(ExtProcPerRoute.newBuilder().setDisabled(true).build());

  public BodyProcessors {
    streaming = Collections.unmodifiableSortedSet(new TreeSet<>(streaming));
    whole = Collections.unmodifiableSortedSet(new TreeSet<>(whole));
    failOpen = Collections.unmodifiableSortedSet(new TreeSet<>(failOpen));
  }

  /**
   * The processors among a listener's filters.
   *
   * @param disabled the filters that the listener disables until a route switches them on
   */
  static BodyProcessors of(List<HttpFilter> disabled) {
    SortedSet<String> streaming = new TreeSet<>();
    SortedSet<String> whole = new TreeSet<>();
    SortedSet<String> failOpen = new TreeSet<>();
    for (HttpFilter filter : disabled) {
      processor(filter).filter(BodyProcessors::takesBodies).ifPresent(processor -> {
        if (isStreaming(processor)) {
          streaming.add(filter.getName());
        } else {
          whole.add(filter.getName());
          if (processor.getFailureModeAllow()) {
            failOpen.add(filter.getName());
          }
        }
      });
    }
    return new BodyProcessors(streaming, whole, failOpen);
  }

  /**
   * The filters for the listener behind the loop. The route there is final: its token is gone by then.
   *
   * @param disabled the filters that the gateway's listeners disable until a route switches them on
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
      return Optional.empty(); // Envoy will say so
    }
  }

  private static boolean takesBodies(ExternalProcessor processor) {
    return processor.getProcessingMode().getRequestBodyMode() != BodySendMode.NONE
        || processor.getAllowModeOverride();
  }

  /** Attributes of the connection and other filters' metadata are not there behind the loop. */
  private static boolean isStreaming(ExternalProcessor processor) {
    BodySendMode mode = processor.getProcessingMode().getRequestBodyMode();
    return (mode == BodySendMode.STREAMED || mode == BodySendMode.FULL_DUPLEX_STREAMED)
        && !processor.getAllowModeOverride()
        && processor.getRequestAttributesCount() == 0
        && processor.getResponseAttributesCount() == 0
        && !processor.hasMetadataOptions();
  }

  /** Whether the route's large bodies have to take the loop. */
  boolean needLoop(Route route) {
    return streaming.stream().anyMatch(filter -> isOn(route, filter));
  }

  /** The route of large bodies in front of the loop; the same instance if nothing is to be done. */
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
      return ExtProcPerRoute.getDefaultInstance(); // Envoy has said so
    }
  }

  private static boolean isOn(Route route, String filter) {
    return route.containsTypedPerFilterConfig(filter)
        && !perRoute(route, filter).getDisabled()
        && !Gates.isOff(route.getTypedPerFilterConfigOrThrow(filter));
  }
}
