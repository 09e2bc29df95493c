package dev.pointsman.kube;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Pod;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads what we need of a Pod. */
public final class PodParser {
  private PodParser() {}

  /**
   * Reads a Pod.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   * @param allowed the addresses that it may have
   */
  public static Parsed<Pod> parse(JsonNode object, Addresses allowed) {
    KubeObject pod = new KubeObject(object);
    if (pod.name().isEmpty()) {
      return pod.invalid("metadata.name", "is missing");
    }
    JsonNode status = object.path("status");
    String ip = status.path("podIP").asString("");
    Optional<String> refusal = ip.isEmpty() ? Optional.empty() : allowed.refusal(ip);
    if (refusal.isPresent()) {
      return pod.invalid("status.podIP", "is \"" + ip + "\": " + refusal.get());
    }
    boolean leaves =
        !object.path("metadata").path("deletionTimestamp").asString("").isEmpty();
    return new Parsed.Valid<>(
        new Pod(
            pod.namespace(),
            pod.name(),
            pod.labels(),
            ip,
            isReady(status) && !hasFinished(status) && !leaves),
        remarks(pod, ip, status.path("conditions")));
  }

  private static boolean isReady(JsonNode status) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asString("").equals("Ready")) {
        return condition.path("status").asString("").equals("True");
      }
    }
    return false;
  }

  /** An evicted or completed pod may keep an old Ready condition, and its address may be another pod's by now. */
  private static boolean hasFinished(JsonNode status) {
    String phase = status.path("phase").asString("");
    return phase.equals("Failed") || phase.equals("Succeeded");
  }

  private static List<Diagnostic> remarks(KubeObject pod, String ip, JsonNode conditions) {
    boolean forgotten = !ip.isEmpty() && conditions.isEmpty(); // a kubelet never leaves it so
    return forgotten
        ? List.of(
            pod.diagnostic(
                "status.conditions",
                "is missing: without the condition {type: Ready, status: \"True\"} the pod gets no requests"))
        : List.of();
  }
}
