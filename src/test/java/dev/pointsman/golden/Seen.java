package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A translation as the Translation hook sees it: with the Route hook's answers in place, and the Endpoints requests
 * that came before it. Built apart from the product's own replay.
 */
record Seen(PostTranslateModifyRequest request, List<PostEndpointsModifyRequest> endpoints) {
  /** The last translation among the requests. */
  static Seen lastOf(List<RecordedRequest> requests) {
    Hooks.Connection connection =
        new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY).connect();
    Map<String, List<PoolBackend>> pools = new HashMap<>();
    List<PostEndpointsModifyRequest> endpoints = new ArrayList<>();
    Seen last = new Seen(PostTranslateModifyRequest.getDefaultInstance(), List.of());
    for (RecordedRequest request : requests) {
      switch (request.hook()) {
        case "PostRouteModify" -> {
          Route answer = route(
              connection.route(request.as(PostRouteModifyRequest.parser())).getRoute());
          pools.put(answer.getName(), InBand.pools(answer));
        }
        case "PostEndpointsModify" ->
          endpoints.add(request.as(PostEndpointsModifyRequest.parser()));
        case "PostTranslateModify" -> {
          last = new Seen(
              withPools(request.as(PostTranslateModifyRequest.parser()), pools),
              List.copyOf(endpoints));
          pools.clear();
          endpoints.clear();
        }
        default -> {}
      }
    }
    return last;
  }

  /** What the hooks answer on a new connection. */
  TranslationResult answer(ClusterSnapshot snapshot) {
    Hooks.Connection connection = new Hooks(XdsSettings.DEFAULT, () -> snapshot).connect();
    for (PostEndpointsModifyRequest one : endpoints) {
      var _ = connection.endpoints(one);
    }
    return connection.translation(request);
  }

  Seen with(PostTranslateModifyRequest changed) {
    return new Seen(changed, endpoints);
  }

  /** Our own answer, as if Envoy Gateway asked about it. */
  static PostTranslateModifyRequest again(PostTranslateModifyResponse answer) {
    return PostTranslateModifyRequest.newBuilder()
        .addAllClusters(answer.getClustersList())
        .addAllSecrets(answer.getSecretsList())
        .addAllListeners(answer.getListenersList())
        .addAllRoutes(answer.getRoutesList())
        .build();
  }

  private static PostTranslateModifyRequest withPools(
      PostTranslateModifyRequest request, Map<String, List<PoolBackend>> pools) {
    PostTranslateModifyRequest.Builder recorded = request.toBuilder().clearRoutes();
    try {
      for (ByteString bytes : request.getRoutesList()) {
        RouteConfigurationTwin table = RouteConfigurationTwin.parseFrom(bytes);
        RouteConfigurationTwin.Builder hosts = table.toBuilder().clearVirtualHosts();
        for (ByteString host : table.getVirtualHostsList()) {
          VirtualHostTwin twin = VirtualHostTwin.parseFrom(host);
          VirtualHostTwin.Builder routes = twin.toBuilder().clearRoutes();
          twin.getRoutesList().forEach(route -> routes.addRoutes(withPools(route, pools)));
          hosts.addVirtualHosts(routes.build().toByteString());
        }
        recorded.addRoutes(hosts.build().toByteString());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
    return recorded.build();
  }

  private static ByteString withPools(ByteString bytes, Map<String, List<PoolBackend>> pools) {
    Route route = route(bytes);
    List<PoolBackend> known = pools.getOrDefault(route.getName(), List.of());
    return known.isEmpty() ? bytes : InBand.record(route, known).toByteString();
  }

  private static Route route(ByteString bytes) {
    try {
      return Route.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
