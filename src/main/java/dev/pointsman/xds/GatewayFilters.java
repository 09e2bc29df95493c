package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Facts about the connection managers of a route configuration, as Envoy Gateway made them.
 *
 * @param disabled their filters that are disabled until a route enables them
 * @param setModel whether requests may have a model before their first route is selected: an operator's default
 * @param bufferBytes the largest amount that a listener reads from a connection at once, in bytes
 * @param envoyHeaders whether pods get Envoy's own headers, such as {@code x-envoy-original-path}
 * @param tracing their tracing; empty if they do not trace
 */
public record GatewayFilters(
    List<HttpFilter> disabled,
    boolean setModel,
    long bufferBytes,
    boolean envoyHeaders,
    Optional<HttpConnectionManager.Tracing> tracing) {
  /** No connection manager. */
  public static final GatewayFilters NONE =
      new GatewayFilters(List.of(), false, 0, false, Optional.empty());

  public GatewayFilters {
    disabled = List.copyOf(disabled);
  }

  /**
   * The facts about one connection manager.
   *
   * @param bufferBytes the largest amount that its listener reads from a connection at once, in bytes
   */
  static GatewayFilters of(HttpConnectionManager manager, long bufferBytes)
      throws InvalidProtocolBufferException {
    List<HttpFilter> disabled = manager.getHttpFiltersList().stream()
        .filter(filter -> filter.getDisabled() && !XdsNames.isOurs(filter.getName()))
        .toList();
    boolean setModel = false;
    for (TypedExtensionConfig early : manager.getEarlyHeaderMutationExtensionsList()) {
      setModel |= setsModel(early.getTypedConfig());
    }
    boolean envoyHeaders = false;
    for (HttpFilter filter : manager.getHttpFiltersList()) {
      envoyHeaders |= filter.getTypedConfig().is(Router.class)
          && !filter.getTypedConfig().unpack(Router.class).getSuppressEnvoyHeaders();
    }
    Optional<HttpConnectionManager.Tracing> tracing =
        manager.hasTracing() ? Optional.of(manager.getTracing()) : Optional.empty();
    return new GatewayFilters(disabled, setModel, bufferBytes, envoyHeaders, tracing);
  }

  private static boolean setsModel(Any mutation) throws InvalidProtocolBufferException {
    return mutation.is(HeaderMutation.class)
        && mutation.unpack(HeaderMutation.class).getMutationsList().stream()
            .anyMatch(one ->
                one.getAppend().getHeader().getKey().equalsIgnoreCase(XdsNames.MODEL_HEADER));
  }

  /** The facts about the connection managers of both. */
  public GatewayFilters and(GatewayFilters other) {
    List<HttpFilter> all = new ArrayList<>(disabled);
    all.addAll(other.disabled);
    return new GatewayFilters(
        all,
        setModel || other.setModel,
        Math.max(bufferBytes, other.bufferBytes),
        envoyHeaders || other.envoyHeaders,
        tracing.or(other::tracing));
  }
}
