package dev.pointsman.explain;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.pointsman.xds.KnownTypes;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration that an Envoy uses, as its admin port prints it under {@code /config_dump?include_eds}
 * (<a href="https://www.envoyproxy.io/docs/envoy/latest/api-v3/admin/v3/config_dump.proto">ConfigDump</a>).
 *
 * @param xds the resources that are active; those that wait for others are left out
 * @param endpoints the assignments by the name of their EDS resource, or of their cluster without one
 * @param waiting the resources that wait, and the rejected ones, in words
 */
public record ConfigDump(
    GatewayXds xds, Map<String, ClusterLoadAssignment> endpoints, List<String> waiting) {
  public ConfigDump {
    endpoints = Map.copyOf(endpoints);
    waiting = List.copyOf(waiting);
  }

  /**
   * Reads a dump.
   *
   * @throws InvalidProtocolBufferException if the text is no dump, or one of its resources cannot be read
   */
  public static ConfigDump of(String json) throws InvalidProtocolBufferException {
    JsonNode dump;
    try {
      dump = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new InvalidProtocolBufferException("no JSON: " + e.getOriginalMessage());
    }
    if (!dump.path("configs").isArray()) {
      throw new InvalidProtocolBufferException("no configs: an answer to /config_dump has them");
    }
    return new Reading(dump.path("configs")).dump();
  }

  /** The endpoints that Envoy has now. */
  public EndpointsNow endpointsNow() {
    return name -> Optional.ofNullable(endpoints.get(name)).map(EndpointsNow::of);
  }

  private static final class Reading {
    private final List<Listener> listeners = new ArrayList<>();
    private final Map<String, RouteConfiguration> routes = new HashMap<>();
    private final Map<String, Cluster> clusters = new HashMap<>();
    private final Map<String, ClusterLoadAssignment> endpoints = new HashMap<>();
    private final List<String> waiting = new ArrayList<>();
    private final JsonFormat.Parser parser;

    private Reading(JsonNode configs) throws InvalidProtocolBufferException {
      parser = JsonFormat.parser().ignoringUnknownFields().usingTypeRegistry(types(configs));
      for (JsonNode config : configs) {
        for (JsonNode one : config.path("dynamic_listeners")) {
          addListener(one);
        }
        for (JsonNode one : config.path("dynamic_route_configs")) {
          RouteConfiguration.Builder table = RouteConfiguration.newBuilder();
          read(one.path("route_config"), table);
          NewerFields.add(one.path("route_config"), table, parser);
          routes.put(table.getName(), table.build());
        }
        for (String group : List.of("static_clusters", "dynamic_active_clusters")) {
          for (JsonNode one : config.path(group)) {
            Cluster.Builder cluster = Cluster.newBuilder();
            read(one.path("cluster"), cluster);
            clusters.put(cluster.getName(), cluster.build());
          }
        }
        for (JsonNode one : config.path("dynamic_warming_clusters")) {
          waiting.add("cluster " + one.at("/cluster/name").asString("")
              + " waits for its endpoints, and other changes of clusters wait with it");
        }
        for (String group : List.of("static_endpoint_configs", "dynamic_endpoint_configs")) {
          for (JsonNode one : config.path(group)) {
            ClusterLoadAssignment.Builder assignment = ClusterLoadAssignment.newBuilder();
            read(one.path("endpoint_config"), assignment);
            endpoints.put(assignment.getClusterName(), assignment.build());
          }
        }
      }
    }

    private void addListener(JsonNode listener) throws InvalidProtocolBufferException {
      String name = listener.path("name").asString("");
      JsonNode active = listener.path("active_state").path("listener");
      if (active.isObject()) {
        Listener.Builder decoded = Listener.newBuilder();
        read(active, decoded);
        listeners.add(decoded.build());
      }
      if (listener.has("warming_state")) {
        waiting.add("listener " + name + " waits for its routes or secrets");
      }
      if (listener.has("error_state")) {
        waiting.add("listener " + name + " was rejected: "
            + listener.at("/error_state/details").asString(""));
      }
    }

    private void read(JsonNode node, Message.Builder into) throws InvalidProtocolBufferException {
      if (node instanceof ObjectNode object) {
        object.remove("@type"); // the resource is printed as an Any
        parser.merge(object.toString(), into);
      }
    }

    /** The types of all {@code Any}s; one that is unknown to this build becomes a text. */
    private static TypeRegistry types(JsonNode configs) {
      TreeMap<String, Descriptor> types = new TreeMap<>();
      types.put(StringValue.getDescriptor().getFullName(), StringValue.getDescriptor());
      for (JsonNode any : configs.findParents("@type")) {
        String type = any.path("@type").asString("");
        Optional<Descriptor> known = KnownTypes.descriptor(type);
        known.ifPresent(descriptor -> types.put(descriptor.getFullName(), descriptor));
        if (known.isEmpty() && any instanceof ObjectNode object) {
          object.removeAll();
          object.put("@type", "type.googleapis.com/google.protobuf.StringValue").put("value", type);
        }
      }
      return TypeRegistry.newBuilder().add(types.values()).build();
    }

    private ConfigDump dump() {
      return new ConfigDump(new GatewayXds(listeners, routes, clusters), endpoints, waiting);
    }
  }
}
