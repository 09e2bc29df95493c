package dev.pointsman.e2e.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * All that a tenant who is left in peace does not see change.
 *
 * @param conditions of the statuses of its objects
 * @param endpoints of its clusters in the proxy
 * @param counters of the proxy: updates that it rejected, listeners that it changed
 * @param withheld how often Envoy Gateway had a configuration and did not publish it
 */
record TenantState(
    Set<String> conditions, Set<String> endpoints, Map<String, Long> counters, long withheld) {
  private static final String COUNTED = "(update_rejected|listener_modified|create_failure)$";
  private static final String MODIFIED = "listener_manager.listener_modified";
  private static final List<String> KINDS = List.of(
      "gateway.networking.k8s.io/v1/namespaces/%s/httproutes",
      "gateway.envoyproxy.io/v1alpha1/namespaces/%s/securitypolicies",
      "inference.networking.k8s.io/v1/namespaces/%s/inferencepools");

  /** The present state of a tenant. */
  static TenantState of(Cluster cluster, ProxyPod proxy, String tenant) {
    Set<String> conditions = new TreeSet<>();
    for (String kind : KINDS) {
      for (JsonNode object : cluster.get("/apis/" + kind.formatted(tenant)).path("items")) {
        conditions.addAll(conditions(object));
      }
    }
    return new TenantState(
        conditions,
        proxy.endpoints("/" + tenant + "/"),
        proxy.counters(COUNTED),
        withheld(cluster));
  }

  private static List<String> conditions(JsonNode object) {
    List<String> conditions = new ArrayList<>();
    JsonNode status = object.path("status");
    Stream.concat(status.path("parents").valueStream(), status.path("ancestors").valueStream())
        .forEach(entry -> entry
            .path("conditions")
            .valueStream()
            .forEach(condition -> conditions.add(object.at("/metadata/name").asString("") + " for "
                + (entry.has("parentRef") ? entry.path("parentRef") : entry.path("ancestorRef"))
                + " by " + entry.path("controllerName").asString("") + ": "
                + condition.path("type").asString("") + "="
                + condition.path("status").asString("")
                + " " + condition.path("reason").asString(""))));
    return conditions;
  }

  private static long withheld(Cluster cluster) {
    return cluster.pods(Cluster.SYSTEM, "control-plane=envoy-gateway").stream()
        .flatMap(pod -> cluster.log(Cluster.SYSTEM, pod).lines())
        .filter(line -> line.contains("skipped publishing xds resources"))
        .count();
  }

  /**
   * The differences to an earlier state.
   *
   * @param areListenersOthers whether a change of listeners is Envoy Gateway's own doing
   */
  List<String> differences(TenantState before, boolean areListenersOthers) {
    List<String> differences = new ArrayList<>();
    differences.addAll(difference("condition", before.conditions, conditions));
    differences.addAll(difference("endpoint", before.endpoints, endpoints));
    counters.forEach((name, count) -> {
      boolean isExpected = name.equals(MODIFIED) && areListenersOthers;
      if (count > before.counters.getOrDefault(name, 0L) && !isExpected) {
        differences.add(name + ": " + before.counters.getOrDefault(name, 0L) + " → " + count);
      }
    });
    if (withheld > before.withheld) {
      differences.add("configurations that were not published: " + (withheld - before.withheld));
    }
    return differences;
  }

  private static List<String> difference(String what, Set<String> before, Set<String> now) {
    List<String> differences = new ArrayList<>();
    before.stream()
        .filter(one -> !now.contains(one))
        .forEach(one -> differences.add("gone: " + what + " " + one));
    now.stream()
        .filter(one -> !before.contains(one))
        .forEach(one -> differences.add("new: " + what + " " + one));
    return differences;
  }
}
