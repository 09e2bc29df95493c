package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The process of a Gateway's proxy on this machine, seen from inside its pod. */
record ProxyPod(long pid) {
  private static final Path INSIDE = Path.of("testdata/isolation/inside.py");

  /** The proxy of a Gateway. */
  static ProxyPod of(Cluster cluster, String namespace, String gateway) {
    String separate = "--service-cluster\0" + namespace + "/" + gateway + "\0";
    String joined = "--service-cluster " + namespace + "/" + gateway;
    return cluster
        .processes()
        .filter(process -> {
          String line = commandLine(process.pid());
          return line.contains("envoy") && (line.contains(separate) || line.contains(joined));
        })
        .map(process -> new ProxyPod(process.pid()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the cluster has no proxy of " + gateway));
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  /** The answer of the admin port. */
  String admin(String path) {
    return inside("get", path);
  }

  /** Tries the proxy's own sockets as a user; a line for each try. */
  List<String> knock(int user) {
    return inside("knock", String.valueOf(user)).lines().toList();
  }

  private String inside(String... arguments) {
    List<String> command = new ArrayList<>(
        List.of("-t", String.valueOf(pid), "-n", "-m", "-p", "/usr/bin/python3", "-"));
    command.addAll(List.of(arguments));
    return Commands.run(Map.of(), Commands.read(INSIDE), "nsenter", command);
  }

  /** Counters whose names match, without those that are 0. */
  Map<String, Long> counters(String regex) {
    Map<String, Long> counters = new TreeMap<>();
    admin("/stats?usedonly&filter=" + regex).lines().forEach(line -> {
      int colon = line.lastIndexOf(": ");
      if (colon > 0 && line.substring(colon + 2).matches("[1-9]\\d*")) {
        counters.put(line.substring(0, colon), Long.parseLong(line.substring(colon + 2)));
      }
    });
    return counters;
  }

  /** Cluster and address of each endpoint of clusters whose names contain a word. */
  Set<String> endpoints(String word) {
    Set<String> found = new TreeSet<>();
    JsonNode clusters = JsonMapper.shared().readTree(admin("/clusters?format=json"));
    for (JsonNode cluster : clusters.path("cluster_statuses")) {
      String name = cluster.path("name").asString("");
      if (name.contains(word)) {
        cluster
            .path("host_statuses")
            .forEach(host -> found.add(
                name + " " + host.at("/address/socket_address/address").asString("") + ":"
                    + host.at("/address/socket_address/port_value").asInt(0)));
      }
    }
    return found;
  }

  /** The routes whose names contain a word, as JSON. */
  List<String> routes(String word) {
    List<String> found = new ArrayList<>();
    JsonNode dump =
        JsonMapper.shared().readTree(admin("/config_dump?resource=dynamic_route_configs"));
    for (JsonNode table : dump.path("configs")) {
      for (JsonNode host : table.at("/route_config/virtual_hosts")) {
        for (JsonNode route : host.path("routes")) {
          if (route.path("name").asString("").contains(word)) {
            found.add(route.toString());
          }
        }
      }
    }
    return found;
  }
}
