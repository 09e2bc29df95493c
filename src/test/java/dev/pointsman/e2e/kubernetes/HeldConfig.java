package dev.pointsman.e2e.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The configuration that an Envoy holds, without versions and times.
 *
 * @param resources listeners, clusters and route configurations by kind and name
 * @param endpoints of each cluster, by its name
 * @param unfinished the resources that are still warming or were rejected
 */
record HeldConfig(
    Map<String, JsonNode> resources, Map<String, Set<String>> endpoints, List<String> unfinished) {
  private static final Pattern MODEL = Pattern.compile("model-\\d+");
  private static final Pattern CHANGE =
      Pattern.compile("\"key\":\"x-change\",\"value\":\"(\\d+)\"");
  private static final int SHOWN = 300;
  private static final JsonMapper SORTED =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

  /** The present configuration of the proxy. */
  static HeldConfig of(ProxyPod proxy) {
    Map<String, JsonNode> resources = new TreeMap<>();
    List<String> unfinished = new ArrayList<>();
    for (JsonNode dump : tree(proxy.admin("/config_dump")).path("configs")) {
      for (JsonNode entry : dump.path("dynamic_listeners")) {
        put(resources, "listener", entry.at("/active_state/listener"));
        if (entry.has("warming_state") || entry.has("error_state")) {
          unfinished.add("listener " + entry.path("name").asString(""));
        }
      }
      dump.path("dynamic_active_clusters")
          .forEach(entry -> put(resources, "cluster", entry.path("cluster")));
      dump.path("dynamic_warming_clusters")
          .forEach(
              entry -> unfinished.add("cluster " + entry.at("/cluster/name").asString("")));
      dump.path("dynamic_route_configs")
          .forEach(entry -> put(resources, "routes", entry.path("route_config")));
    }
    return new HeldConfig(resources, endpoints(proxy), unfinished);
  }

  private static JsonNode tree(String json) {
    return JsonMapper.shared().readTree(json);
  }

  private static void put(Map<String, JsonNode> resources, String kind, JsonNode resource) {
    if (!resource.isMissingNode()) {
      resources.put(kind + " " + resource.path("name").asString(""), resource);
    }
  }

  /** Without the cluster that Envoy Gateway makes of the proxy itself: a new proxy has a new address. */
  private static Map<String, Set<String>> endpoints(ProxyPod proxy) {
    Map<String, Set<String>> endpoints = new TreeMap<>();
    for (JsonNode cluster : tree(proxy.admin("/clusters?format=json")).path("cluster_statuses")) {
      Set<String> addresses = new TreeSet<>();
      cluster
          .path("host_statuses")
          .forEach(
              host -> addresses.add(host.at("/address/socket_address/address").asString("") + ":"
                  + host.at("/address/socket_address/port_value").asInt(0)));
      endpoints.put(cluster.path("name").asString(""), addresses);
    }
    endpoints.keySet().removeIf(name -> name.matches("[^/]+/" + FaultScene.GATEWAY));
    return endpoints;
  }

  /** The updates that it lacks: the last versions of the objects against its routes, models and endpoints. */
  List<String> lost(ChurnedObjects objects) {
    List<String> lost = new ArrayList<>();
    Map<String, String> versions = new TreeMap<>();
    Set<String> models = new TreeSet<>();
    routes().forEach(route -> {
      Matcher owner = Pattern.compile("httproute/[^/]+/(route-\\d+-\\d+)/")
          .matcher(route.path("name").asString(""));
      Matcher change = CHANGE.matcher(route.toString());
      if (owner.find() && change.find()) {
        versions.put(owner.group(1), change.group(1));
      }
      Matcher model = MODEL.matcher(route.path("match").toString());
      while (model.find()) {
        models.add(model.group());
      }
    });
    compare(lost, "routes", objects.versions(), versions);
    compare(lost, "models", objects.models(), models);
    objects
        .endpoints()
        .forEach((route, addresses) -> endpoints.forEach((cluster, held) -> {
          if (cluster.contains("/" + route + "/")) {
            compare(lost, "endpoints of " + cluster, addresses, held);
          }
        }));
    if (endpoints.keySet().stream().filter(name -> name.contains("/route-")).count()
        < objects.versions().size()) {
      lost.add("clusters: " + endpoints.keySet());
    }
    unfinished.forEach(resource -> lost.add("not in use yet: " + resource));
    return lost;
  }

  private Stream<JsonNode> routes() {
    return resources.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("routes "))
        .flatMap(entry -> entry.getValue().path("virtual_hosts").valueStream())
        .flatMap(host -> host.path("routes").valueStream());
  }

  private static void compare(List<String> found, String what, Object wanted, Object held) {
    if (!wanted.equals(held)) {
      found.add(what + ": " + wanted + ", but Envoy has " + held);
    }
  }

  /** The differences from another one, in words. */
  List<String> differences(HeldConfig other) {
    List<String> found = new ArrayList<>();
    compare(found, "names", resources.keySet(), other.resources.keySet());
    resources.forEach((name, resource) -> {
      JsonNode second = other.resources.get(name);
      if (second != null && !second.equals(resource)) {
        found.add(name + ": " + firstDifference(text(resource), text(second)));
      }
    });
    compare(found, "clusters", endpoints.keySet(), other.endpoints.keySet());
    endpoints.forEach((cluster, held) -> compare(
        found, "endpoints of " + cluster, held, other.endpoints.getOrDefault(cluster, Set.of())));
    return found;
  }

  /** Sorted, because Envoy Gateway encodes maps in any order. */
  private static String text(JsonNode resource) {
    return SORTED.writeValueAsString(resource);
  }

  private static String firstDifference(String one, String other) {
    int at = 0;
    while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - SHOWN / 2);
    return "..." + one.substring(from, Math.min(one.length(), at + SHOWN)) + "... and ..."
        + other.substring(from, Math.min(other.length(), at + SHOWN)) + "...";
  }

  /** The number of clusters whose endpoints come from Pointsman. */
  long discovered() {
    return resources.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("cluster "))
        .filter(entry -> entry
            .getValue()
            .at("/eds_cluster_config/eds_config/api_config_source")
            .toString()
            .contains("pointsman"))
        .count();
  }
}
