package dev.pointsman.rig;

import dev.pointsman.config.HostPort;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Envoy's admin port: what it counts and which hosts it knows. */
public final class EnvoyAdmin {
  /**
   * A host of a cluster.
   *
   * @param flags why it gets no requests, e.g. {@code failed_outlier_check}; empty when it is healthy
   */
  public record Host(String cluster, String address, List<String> flags) {
    public Host {
      flags = List.copyOf(flags);
    }
  }

  private final String base;

  EnvoyAdmin(String address) {
    this.base = "http://" + address;
  }

  /** The namespace and name of the Gateway that it serves. */
  String gateway() {
    return JsonMapper.shared()
        .readTree(Http.get(base + "/server_info").body())
        .path("node")
        .path("cluster")
        .asString();
  }

  /** Counters and gauges whose name matches. */
  public Map<String, Long> stats(String regex) {
    Map<String, Long> stats = new HashMap<>();
    for (String line : Http.get(
            base + "/stats?filter=" + URLEncoder.encode(regex, StandardCharsets.UTF_8))
        .body()
        .lines()
        .toList()) {
      int colon = line.lastIndexOf(": ");
      if (colon > 0 && line.substring(colon + 2).matches("\\d+")) {
        stats.put(line.substring(0, colon), Long.parseLong(line.substring(colon + 2)));
      }
    }
    return stats;
  }

  /** One counter or gauge; 0 when there is none of the name. */
  public long stat(String name) {
    return stats("^" + name.replace(".", "\\.") + "$").getOrDefault(name, 0L);
  }

  /** All hosts of all clusters. */
  public List<Host> hosts() {
    List<Host> hosts = new ArrayList<>();
    JsonNode answer =
        JsonMapper.shared().readTree(Http.get(base + "/clusters?format=json").body());
    for (JsonNode cluster : answer.path("cluster_statuses")) {
      for (JsonNode host : cluster.path("host_statuses")) {
        JsonNode socket = host.path("address").path("socket_address");
        List<String> flags = new ArrayList<>();
        host.path("health_status").properties().forEach(flag -> {
          if (flag.getValue().isBoolean() && flag.getValue().asBoolean()) {
            flags.add(flag.getKey());
          }
        });
        hosts.add(new Host(
            cluster.path("name").asString(),
            socket.path("address").asString("") + ":"
                + socket.path("port_value").asInt(0),
            flags));
      }
    }
    return hosts;
  }

  /** The health flags of a host, over all clusters that have it; empty when it gets requests. */
  public List<String> flags(HostPort host) {
    return hosts().stream()
        .filter(found -> found.address().equals(host.toString()))
        .flatMap(found -> found.flags().stream())
        .toList();
  }

  /** Whether some cluster has this host. */
  public boolean knows(HostPort host) {
    return hosts().stream().anyMatch(found -> found.address().equals(host.toString()));
  }

  /** Whether Envoy serves with what it was sent last. */
  boolean isSettled() {
    return Http.tryGet(base + "/ready")
            .filter(ready -> ready.statusCode() == 200)
            .isPresent()
        && stat("cluster_manager.warming_clusters") == 0
        && stat("listener_manager.total_listeners_warming") == 0;
  }

  /** The configuration, whole. */
  public String configDump() {
    return Http.get(base + "/config_dump?include_eds").body();
  }
}
