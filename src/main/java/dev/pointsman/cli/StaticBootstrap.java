package dev.pointsman.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.xds.KnownTypes;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Converts a translation to a bootstrap for a standalone Envoy: static resources, inlined routes and endpoints. */
final class StaticBootstrap {
  private final Function<String, ClusterLoadAssignment> endpoints;
  private final Map<String, RouteConfiguration> routes = new HashMap<>();

  /**
   * Creates it with endpoints.
   *
   * @param endpoints the endpoints by EDS resource name; an empty assignment for an unknown name
   */
  StaticBootstrap(Function<String, ClusterLoadAssignment> endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * The bootstrap of a translation's answer.
   *
   * @throws InvalidProtocolBufferException when a resource cannot be read
   */
  Bootstrap of(PostTranslateModifyResponse response) throws InvalidProtocolBufferException {
    Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("pointsman-translate").setCluster("pointsman-translate");
    bootstrap
        .getAdminBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("127.0.0.1")
        .setPortValue(0);
    // As in Envoy Gateway's bootstrap: otherwise Envoy rejects a whole route configuration for
    // one long regular expression.
    bootstrap
        .getLayeredRuntimeBuilder()
        .addLayersBuilder()
        .setName("envoy-gateway")
        .getStaticLayerBuilder()
        .putFields(
            "re2.max_program_size.error_level",
            Value.newBuilder().setNumberValue(4294967295.0).build());
    for (ByteString bytes : response.getRoutesList()) {
      RouteConfiguration table = RouteConfiguration.parseFrom(bytes);
      RouteConfiguration.Builder checked = table.toBuilder();
      checked.getValidateClustersBuilder().setValue(false); // as for routes from RDS
      routes.put(table.getName(), checked.build());
    }
    Map<String, Secret> secrets = new LinkedHashMap<>(); // Envoy Gateway may list one twice
    for (ByteString bytes : response.getSecretsList()) {
      Secret secret = Secret.parseFrom(bytes);
      secrets.putIfAbsent(secret.getName(), secret);
    }
    bootstrap.getStaticResourcesBuilder().addAllSecrets(secrets.values());
    for (ByteString bytes : response.getClustersList()) {
      bootstrap.getStaticResourcesBuilder().addClusters((Cluster)
          inlined(Cluster.parseFrom(bytes)));
    }
    for (ByteString bytes : response.getListenersList()) {
      bootstrap.getStaticResourcesBuilder().addListeners((Listener)
          inlined(Listener.parseFrom(bytes)));
    }
    return bootstrap.build();
  }

  private Message inlined(Message message) {
    return KnownTypes.everywhere(message, inside -> switch (inside) {
      case Cluster cluster when cluster.getType() == DiscoveryType.EDS -> withEndpoints(cluster);
      case HttpConnectionManager manager when manager.hasRds() -> withRoutes(manager);
      case SdsSecretConfig secret ->
        secret.toBuilder().clearSdsConfig().build(); // refer to the static secret
      default -> inside;
    });
  }

  private Cluster withEndpoints(Cluster cluster) {
    String service = cluster.getEdsClusterConfig().getServiceName();
    ClusterLoadAssignment known = endpoints.apply(service.isEmpty() ? cluster.getName() : service);
    return cluster.toBuilder()
        .setType(DiscoveryType.STATIC)
        .clearEdsClusterConfig()
        .setLoadAssignment(known.toBuilder().setClusterName(cluster.getName()))
        .build();
  }

  private HttpConnectionManager withRoutes(HttpConnectionManager manager) {
    String name = manager.getRds().getRouteConfigName();
    RouteConfiguration table =
        routes.getOrDefault(name, RouteConfiguration.newBuilder().setName(name).build());
    return manager.toBuilder().setRouteConfig(table).build();
  }
}
