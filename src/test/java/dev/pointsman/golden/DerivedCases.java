package dev.pointsman.golden;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.extension.PostTranslateModifyRequest;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Cases that no Envoy Gateway could be brought to send, made from those that one has sent by an edit of the translation.
 * Their requests are stored like the others.
 */
final class DerivedCases {
  private static final String FROM = "model-routes-two-pools";

  /** By name of case, the edit. */
  static final Map<String, UnaryOperator<PostTranslateModifyRequest>> ALL = Map.of(
      "empty-request", _ -> PostTranslateModifyRequest.getDefaultInstance(),
      "routes-in-the-listener", DerivedCases::routesInTheListener,
      "unknown-filter-and-metadata", DerivedCases::withUnknownThings);

  private DerivedCases() {}

  /** The requests of a derived case: the other hooks' as they were recorded, the translation edited. */
  static List<RecordedRequest> requests(String name) {
    List<RecordedRequest> requests = new ArrayList<>();
    for (RecordedRequest request : GoldenCase.named(FROM).requests()) {
      if (!request.isTranslation()) {
        requests.add(request);
        continue;
      }
      PostTranslateModifyRequest edited = Objects.requireNonNull(ALL.get(name))
          .apply(request.as(PostTranslateModifyRequest.parser()));
      requests.add(new RecordedRequest(request.file(), request.hook(), edited.toByteString()));
    }
    return requests;
  }

  /** Writes the requests of all derived cases. */
  static void write() throws IOException {
    for (String name : ALL.keySet()) {
      Path folder = Files.createDirectories(GoldenCase.named(name).folder());
      for (RecordedRequest request : requests(name)) {
        Files.write(folder.resolve(request.file()), request.bytes().toByteArray());
      }
    }
  }

  /** A listener that holds its routes itself, so that no route configuration comes with the translation. */
  private static PostTranslateModifyRequest routesInTheListener(
      PostTranslateModifyRequest request) {
    RouteConfiguration routes = Named.read(RouteConfiguration.parser(), request.getRoutes(0));
    return withListeners(
        request.toBuilder().clearRoutes().build(),
        manager -> manager.hasRds() ? manager.toBuilder().setRouteConfig(routes).build() : manager);
  }

  /** An Envoy Gateway with a filter of its own and with typed metadata, none of which this build knows. */
  private static PostTranslateModifyRequest withUnknownThings(PostTranslateModifyRequest request) {
    Any unknown = Any.newBuilder()
        .setTypeUrl("type.googleapis.com/example.com.v1.Unknown")
        .setValue(ByteString.fromHex("0a0548656c6c6f"))
        .build();
    Metadata metadata = Metadata.newBuilder()
        .putTypedFilterMetadata("example.com", unknown)
        .putFilterMetadata(
            "example.com",
            Struct.newBuilder()
                .putFields(
                    "owner", Value.newBuilder().setStringValue("somebody").build())
                .build())
        .build();
    HttpFilter filter = HttpFilter.newBuilder()
        .setName("example.com/unknown")
        .setTypedConfig(unknown)
        .setIsOptional(true) // so that Envoy, too, passes over it
        .build();
    PostTranslateModifyRequest.Builder edited =
        withListeners(
            request, manager -> manager.toBuilder().addHttpFilters(0, filter).build())
            .toBuilder();
    for (int i = 0; i < edited.getClustersCount(); i++) {
      Cluster.Builder cluster = Named.read(Cluster.parser(), edited.getClusters(i)).toBuilder();
      cluster.getMetadataBuilder().mergeFrom(metadata);
      edited.setClusters(i, cluster.build().toByteString());
    }
    RouteConfiguration.Builder routes =
        Named.read(RouteConfiguration.parser(), edited.getRoutes(0)).toBuilder();
    for (Route.Builder route : routes.getVirtualHostsBuilder(0).getRoutesBuilderList()) {
      route.getMetadataBuilder().mergeFrom(metadata);
    }
    return edited.setRoutes(0, routes.build().toByteString()).build();
  }

  private static PostTranslateModifyRequest withListeners(
      PostTranslateModifyRequest request, UnaryOperator<HttpConnectionManager> edit) {
    PostTranslateModifyRequest.Builder edited = request.toBuilder();
    for (int i = 0; i < request.getListenersCount(); i++) {
      Listener listener = Named.read(Listener.parser(), request.getListeners(i));
      edited.setListeners(i, Managers.edited(listener, edit).toByteString());
    }
    return edited.build();
  }
}
