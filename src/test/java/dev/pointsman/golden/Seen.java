package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A translation as the Translation hook sees it: with the Route hook's answers in place, and the Endpoints requests
 * that came before it. Built apart from the product's own replay.
 */
record Seen(PostTranslateModifyRequest request, List<PostEndpointsModifyRequest> endpoints) {
  /** The last translation among the requests. */
  static Seen lastOf(List<RecordedRequest> requests) {
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    Hooks.Connection connection = hooks.connect();
    Map<String, Struct> pools = new HashMap<>();
    List<PostEndpointsModifyRequest> endpoints = new ArrayList<>();
    Seen last = new Seen(PostTranslateModifyRequest.getDefaultInstance(), List.of());
    for (RecordedRequest request : requests) {
      switch (request.hook()) {
        case "PostRouteModify" ->
          Named.readIfPossible(
                  Route.parser(),
                  connection.route(request.as(PostRouteModifyRequest.parser())).getRoute())
              .ifPresent(answer ->
                  InBand.recordOf(answer).ifPresent(record -> pools.put(answer.getName(), record)));
        case "PostEndpointsModify" ->
          endpoints.add(request.as(PostEndpointsModifyRequest.parser()));
        case "PostTranslateModify" -> {
          last = new Seen(
              withPools(request.as(PostTranslateModifyRequest.parser()), pools),
              List.copyOf(endpoints));
          connection = hooks.connect();
          pools.clear();
          endpoints.clear();
        }
        default -> {}
      }
    }
    return last;
  }

  /** The answer of the hooks on a new connection. */
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

  /** Our own answer, as if Envoy Gateway asked about it with the same policies. */
  PostTranslateModifyRequest again(PostTranslateModifyResponse answer) {
    return PostTranslateModifyRequest.newBuilder()
        .setPostTranslateContext(request.getPostTranslateContext())
        .addAllClusters(answer.getClustersList())
        .addAllSecrets(answer.getSecretsList())
        .addAllListeners(answer.getListenersList())
        .addAllRoutes(answer.getRoutesList())
        .build();
  }

  private static PostTranslateModifyRequest withPools(
      PostTranslateModifyRequest request, Map<String, Struct> pools) {
    PostTranslateModifyRequest.Builder recorded = request.toBuilder().clearRoutes();
    for (ByteString bytes : request.getRoutesList()) {
      recorded.addRoutes(Named.readIfPossible(ShallowRouteConfiguration.parser(), bytes)
          .map(table -> withPools(table, pools))
          .orElse(bytes));
    }
    return recorded.build();
  }

  private static ByteString withPools(ShallowRouteConfiguration table, Map<String, Struct> pools) {
    ShallowRouteConfiguration.Builder recorded = table.toBuilder().clearVirtualHosts();
    for (ByteString bytes : table.getVirtualHostsList()) {
      recorded.addVirtualHosts(Named.readIfPossible(ShallowVirtualHost.parser(), bytes)
          .map(host -> withPools(host, pools))
          .orElse(bytes));
    }
    return recorded.build().toByteString();
  }

  private static ByteString withPools(ShallowVirtualHost host, Map<String, Struct> pools) {
    ShallowVirtualHost.Builder recorded = host.toBuilder().clearRoutes();
    for (ByteString bytes : host.getRoutesList()) {
      recorded.addRoutes(Named.readIfPossible(Route.parser(), bytes)
          .map(route -> withPools(bytes, route, pools.get(route.getName())))
          .orElse(bytes));
    }
    return recorded.build().toByteString();
  }

  private static ByteString withPools(ByteString bytes, Route route, @Nullable Struct record) {
    return record == null ? bytes : InBand.withRecord(route, record).toByteString();
  }
}
