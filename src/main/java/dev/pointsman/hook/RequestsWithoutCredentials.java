package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.extension.PostClusterModifyRequest;
import dev.pointsman.extension.PostHTTPListenerModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostVirtualHostModifyRequest;
import dev.pointsman.xds.HiddenCredentials;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.List;

/** Hook requests without credentials. Resources without any keep their bytes. */
public final class RequestsWithoutCredentials {
  private final HiddenCredentials credentials;

  public RequestsWithoutCredentials(HiddenCredentials credentials) {
    this.credentials = credentials;
  }

  /**
   * The request without credentials.
   *
   * @throws InvalidProtocolBufferException if a resource in it cannot be read; it may have credentials
   */
  public Message in(Message request) throws InvalidProtocolBufferException {
    return switch (request) {
      case PostRouteModifyRequest route ->
        route.hasRoute()
            ? route.toBuilder().setRoute(in(route.getRoute(), Route.parser())).build()
            : route;
      case PostVirtualHostModifyRequest host ->
        host.hasVirtualHost()
            ? host.toBuilder()
                .setVirtualHost(in(host.getVirtualHost(), VirtualHost.parser()))
                .build()
            : host;
      case PostHTTPListenerModifyRequest listener ->
        listener.hasListener()
            ? listener.toBuilder()
                .setListener(in(listener.getListener(), Listener.parser()))
                .build()
            : listener;
      case PostClusterModifyRequest cluster ->
        cluster.hasCluster()
            ? cluster.toBuilder()
                .setCluster(in(cluster.getCluster(), Cluster.parser()))
                .build()
            : cluster;
      case PostTranslateModifyRequest translation -> inAll(translation);
      default -> request;
    };
  }

  private Message inAll(PostTranslateModifyRequest request) throws InvalidProtocolBufferException {
    return request.toBuilder()
        .clearClusters()
        .addAllClusters(in(request.getClustersList(), Cluster.parser()))
        .clearSecrets()
        .addAllSecrets(in(request.getSecretsList(), Secret.parser()))
        .clearListeners()
        .addAllListeners(in(request.getListenersList(), Listener.parser()))
        .clearRoutes()
        .addAllRoutes(in(request.getRoutesList(), RouteConfiguration.parser()))
        .build();
  }

  private List<ByteString> in(List<ByteString> resources, Parser<? extends Message> parser)
      throws InvalidProtocolBufferException {
    List<ByteString> hidden = new ArrayList<>(resources.size());
    for (ByteString resource : resources) {
      hidden.add(in(resource, parser));
    }
    return hidden;
  }

  private ByteString in(ByteString bytes, Parser<? extends Message> parser)
      throws InvalidProtocolBufferException {
    Message resource = parser.parseFrom(bytes);
    Message hidden = credentials.in(resource);
    return hidden == resource ? bytes : hidden.toByteString();
  }
}
