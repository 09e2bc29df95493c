package dev.pointsman.hook;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.translate.TranslatedGateways;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Envoy Gateway's calls before those of another Pointsman: seen, and not answered. The routes of the translation have the
 * other one's records.
 */
public final class ShadowConnection {
  private final Hooks.Connection connection;
  private final RouteRecords records = new RouteRecords();

  /** A new connection of Envoy Gateway's. */
  public ShadowConnection(Hooks hooks) {
    connection = hooks.connect();
  }

  /**
   * A call of the Route hook.
   *
   * @throws InvalidProtocolBufferException if it has no readable route
   */
  public synchronized void route(PostRouteModifyRequest request)
      throws InvalidProtocolBufferException {
    records.add(connection.route(request));
  }

  /** The Gateways of a translation. */
  public static Set<ObjectRef> gateways(PostTranslateModifyRequest request) {
    return TranslatedGateways.of(request.getListenersList(), request.getRoutesList());
  }

  /** A call of the Endpoints hook. */
  public synchronized void endpoints(PostEndpointsModifyRequest request) {
    var _ = connection.endpoints(request);
  }

  /**
   * A call of the Translation hook.
   *
   * @return makes the translation with the objects of now; fails if a resource cannot be read
   */
  public synchronized Callable<TranslationResult> translation(PostTranslateModifyRequest request) {
    Map<String, Struct> own = records.take();
    Function<PostTranslateModifyRequest, TranslationResult> later = connection.later(request);
    return () -> later.apply(RouteRecords.into(request, own));
  }
}
