package dev.pointsman.golden;

import com.google.protobuf.Message;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.xds.ResourcePrinter;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A configuration as the admin port of an Envoy prints it, with the fields of the API in camel case. */
final class AdminDump {
  private AdminDump() {}

  static ObjectNode of(GatewayXds xds) {
    ObjectNode dump = JsonMapper.shared().createObjectNode();
    ArrayNode configs = dump.putArray("configs");
    ArrayNode listeners = configs.addObject().putArray("dynamic_listeners");
    for (Listener listener : xds.listeners()) {
      ObjectNode one = listeners.addObject().put("name", listener.getName());
      one.putObject("active_state").set("listener", any(listener));
    }
    ArrayNode routes = configs.addObject().putArray("dynamic_route_configs");
    for (RouteConfiguration table : xds.routes().values()) {
      routes.addObject().set("route_config", any(table));
    }
    ArrayNode clusters = configs.addObject().putArray("dynamic_active_clusters");
    for (Cluster cluster : xds.clusters().values()) {
      clusters.addObject().set("cluster", any(cluster));
    }
    return dump;
  }

  private static ObjectNode any(Message message) {
    ObjectNode any = (ObjectNode) new ResourcePrinter().tree(message);
    return any.put(
        "@type", "type.googleapis.com/" + message.getDescriptorForType().getFullName());
  }
}
