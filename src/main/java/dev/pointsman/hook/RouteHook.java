package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.hook.RouteObjects.RoutePolicy;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/** The Route hook: records the pools and policies of the route's rule in its metadata, and changes nothing else. */
final class RouteHook {
  private final RouteObjects objects = new RouteObjects();

  /**
   * Answers one call.
   *
   * @param sent the policies that the translation has carried so far; gets the route's own
   */
  PostRouteModifyResponse apply(PostRouteModifyRequest request, SentPolicies sent) {
    if (!request.hasRoute()) {
      return PostRouteModifyResponse.getDefaultInstance();
    }
    List<PoolBackend> pools =
        objects.pools(request.getPostRouteContext().getExtensionResourcesList());
    List<RoutePolicy> policies =
        objects.policies(request.getPostRouteContext().getExtensionPoliciesList());
    ByteString route = pools.isEmpty() && policies.isEmpty()
        ? request.getRoute()
        : recorded(request.getRoute(), pools, policies, sent);
    return PostRouteModifyResponse.newBuilder().setRoute(route).build();
  }

  private static ByteString recorded(
      ByteString bytes, List<PoolBackend> pools, List<RoutePolicy> policies, SentPolicies sent) {
    try {
      Route route = Route.parseFrom(bytes);
      SentPolicies.OnRoute on = sent.on(route.getName(), policies);
      return InBand.record(route, pools, on.ids(), on.carried()).toByteString();
    } catch (InvalidProtocolBufferException unreadable) {
      return bytes; // not a route that we know: Envoy Gateway's own business
    }
  }
}
