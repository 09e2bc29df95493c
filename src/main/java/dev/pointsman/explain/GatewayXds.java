package dev.pointsman.explain;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The xDS of a translation's answer, decoded. */
public record GatewayXds(
    List<Listener> listeners,
    Map<String, RouteConfiguration> routes,
    Map<String, Cluster> clusters) {
  /**
   * Decodes the resources.
   *
   * @throws InvalidProtocolBufferException if a resource cannot be read
   */
  public static GatewayXds of(
      List<ByteString> listeners, List<ByteString> routes, List<ByteString> clusters)
      throws InvalidProtocolBufferException {
    List<Listener> decoded = new ArrayList<>();
    for (ByteString listener : listeners) {
      decoded.add(Listener.parseFrom(listener));
    }
    Map<String, RouteConfiguration> routesByName = new HashMap<>();
    for (ByteString bytes : routes) {
      RouteConfiguration table = RouteConfiguration.parseFrom(bytes);
      routesByName.put(table.getName(), table);
    }
    Map<String, Cluster> clustersByName = new HashMap<>();
    for (ByteString bytes : clusters) {
      Cluster cluster = Cluster.parseFrom(bytes);
      clustersByName.put(cluster.getName(), cluster);
    }
    return new GatewayXds(decoded, routesByName, clustersByName);
  }
}
