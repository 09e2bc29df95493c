package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** The state that a person would look at first when something does not work on a cluster. */
final class Findings {
  private static final int LOG_LINES = 25;
  private static final List<String> WITH_CONDITIONS = List.of(
      "/apis/gateway.networking.k8s.io/v1/httproutes",
      "/apis/gateway.networking.k8s.io/v1/gateways",
      "/apis/inference.networking.k8s.io/v1/inferencepools",
      "/apis/inference.networking.x-k8s.io/v1alpha2/inferencepools",
      "/apis/pointsman.dev/v1alpha1/inferencepolicies");

  private Findings() {}

  /** Pods that are not ready, conditions that are not good, warnings, the ends of logs. */
  static String of(Cluster cluster) {
    List<String> lines = new ArrayList<>();
    attempt(lines, () -> pods(cluster));
    for (String path : WITH_CONDITIONS) {
      attempt(lines, () -> conditions(cluster, path));
    }
    attempt(lines, () -> warnings(cluster));
    attempt(lines, () -> logs(cluster));
    return String.join("\n", lines);
  }

  private static void attempt(List<String> lines, Supplier<List<String>> what) {
    try {
      lines.addAll(what.get());
    } catch (RuntimeException | AssertionError e) {
      lines.add("(" + e + ")"); // the cluster may be half there
    }
  }

  private static List<String> pods(Cluster cluster) {
    List<String> lines = new ArrayList<>();
    for (Pod pod : cluster.api().pods().inAnyNamespace().list().getItems()) {
      boolean isReady = pod.getStatus().getConditions().stream()
          .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
      if (!isReady) {
        lines.add("not ready: pod " + name(pod) + " " + pod.getStatus().getPhase()
            + (pod.getMetadata().getDeletionTimestamp() == null ? "" : ", being deleted"));
        if (pod.getMetadata().getDeletionTimestamp() == null) {
          lines.addAll(tail(cluster, pod));
        }
      }
    }
    return lines;
  }

  private static List<String> conditions(Cluster cluster, String path) {
    List<String> lines = new ArrayList<>();
    for (JsonNode object : cluster.get(path).path("items")) {
      for (JsonNode conditions : object.path("status").findValues("conditions")) {
        for (JsonNode condition : conditions) {
          if (!condition.path("status").asString("").equals("True")) {
            lines.add(path.substring(path.lastIndexOf('/') + 1) + " "
                + object.at("/metadata/namespace").asString("") + "/"
                + object.at("/metadata/name").asString("") + " " + condition);
          }
        }
      }
    }
    return lines;
  }

  private static List<String> warnings(Cluster cluster) {
    List<String> lines = cluster.api().v1().events().inAnyNamespace().list().getItems().stream()
        .filter(event -> "Warning".equals(event.getType()))
        .filter(event -> !event.getReason().equals("Unhealthy")) // so is everyone who starts
        .map(event -> "warning: " + event.getInvolvedObject().getKind() + " "
            + event.getInvolvedObject().getNamespace() + "/"
            + event.getInvolvedObject().getName()
            + " " + event.getReason() + ": " + event.getMessage())
        .toList();
    return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
  }

  private static List<String> logs(Cluster cluster) {
    List<String> lines = new ArrayList<>();
    for (Pod pod : cluster.api().pods().inNamespace(Cluster.SYSTEM).list().getItems()) {
      lines.addAll(tail(cluster, pod));
    }
    return lines;
  }

  private static List<String> tail(Cluster cluster, Pod pod) {
    List<String> said = cluster
        .log(pod.getMetadata().getNamespace(), pod.getMetadata().getName())
        .lines()
        .toList();
    List<String> lines = new ArrayList<>();
    lines.add("---- the end of the log of " + name(pod));
    lines.addAll(said.subList(Math.max(0, said.size() - LOG_LINES), said.size()));
    return lines;
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }
}
