package dev.pointsman.e2e.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Two builds of Pointsman side by side: it names the one whose hooks are called, and the one whose endpoint discovery is used. */
final class MixedReplicas {
  private final Cluster cluster;
  private final String namespace;
  private final Map<String, Double> calls = new LinkedHashMap<>();
  private final Set<String> seen = new TreeSet<>();

  MixedReplicas(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Looks once. */
  void look() {
    Set<String> hooks = new TreeSet<>();
    Set<String> discovery = new TreeSet<>();
    for (Build build : new Build[] {Build.BEFORE, Build.NOW}) {
      for (Replica replica : build.replicas(cluster)) {
        try {
          double now = replica.calls("Route", "Translation");
          if (now > calls.getOrDefault(replica.pod(), 0.0)) {
            hooks.add(build.image());
          }
          calls.put(replica.pod(), now);
          if (streams(replica).mapToDouble(Replica::value).sum() > 0) {
            discovery.add(build.image());
          }
        } catch (AssertionError | IllegalArgumentException starting) {
          // it has no address yet, or does not listen yet, or no longer
        }
      }
    }
    seen.add("hooks of " + hooks + ", endpoints of " + discovery);
  }

  private Stream<String> streams(Replica replica) {
    return replica
        .metrics("pointsman_gateway_eds_streams{")
        .filter(line -> line.contains("\"" + namespace + "/" + FaultScene.GATEWAY + "\""));
  }

  /** Everything that was seen. */
  Set<String> seen() {
    return seen;
  }

  /** Whether the hooks of the one and the endpoints of the other build were once in use at the same time. */
  boolean metAcrossBuilds() {
    String hooks = "hooks of [%s], endpoints of [%s]";
    return seen.contains(hooks.formatted(Build.BEFORE.image(), Build.NOW.image()))
        || seen.contains(hooks.formatted(Build.NOW.image(), Build.BEFORE.image()));
  }
}
