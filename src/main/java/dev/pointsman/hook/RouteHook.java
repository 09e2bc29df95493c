package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Value;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.hook.RouteObjects.RoutePolicy;
import dev.pointsman.wire.FieldReader;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/** The Route hook: records the pools and policies of the route's rule in its metadata, and changes nothing else. */
final class RouteHook {
  private final RouteObjects objects = new RouteObjects();

  /**
   * Answers one call.
   *
   * @param sent the policies that the translation has carried so far; the route's policies are added
   */
  PostRouteModifyResponse apply(PostRouteModifyRequest request, SentPolicies sent) {
    if (!request.hasRoute()) {
      return PostRouteModifyResponse.getDefaultInstance();
    }
    List<Value> pools = objects.pools(request.getPostRouteContext().getExtensionResourcesList());
    List<RoutePolicy> policies =
        objects.policies(request.getPostRouteContext().getExtensionPoliciesList());
    ByteString route = pools.isEmpty() && policies.isEmpty()
        ? request.getRoute()
        : recorded(request.getRoute(), pools, policies, sent);
    return PostRouteModifyResponse.newBuilder().setRoute(route).build();
  }

  private static ByteString recorded(
      ByteString route, List<Value> pools, List<RoutePolicy> policies, SentPolicies sent) {
    try {
      String name = FieldReader.message(route, Route.NAME_FIELD_NUMBER).toStringUtf8();
      SentPolicies.OnRoute on = sent.on(name, policies);
      return InBand.withRecord(route, InBand.record(pools, on.ids(), on.carried()));
    } catch (InvalidProtocolBufferException unreadable) {
      return route; // not a readable route: passed through unchanged
    }
  }
}
