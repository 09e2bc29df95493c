package dev.pointsman.kube;

import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Pod;
import dev.pointsman.model.Pod.Phase;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Parses the labels, the address, the ports and the readiness of a Pod. */
public final class PodParser {
  private PodParser() {}

  /**
   * Reads a Pod.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   * @param allowed the allowed addresses
   */
  public static Parsed<Pod> parse(JsonNode object, Addresses allowed) {
    KubeObject pod = new KubeObject(object);
    Findings findings = pod.findings();
    Fields status = pod.fields(findings).part("status");
    String ip = status.text("podIP");
    status.check(
        "podIP", ip, text -> allowed.refusal(text).map(why -> "is \"" + text + "\": " + why));
    List<Fields> conditions = status.parts("conditions");
    if (!ip.isEmpty() && conditions.isEmpty()) { // a kubelet always writes conditions
      status.remark(
          "conditions",
          "is missing: without the condition {type: Ready, status: \"True\"} the pod gets no requests");
    }
    boolean ended = hasFinished(status.text("phase"))
        || !pod.fields(findings).part("metadata").text("deletionTimestamp").isEmpty();
    Pod.Phase phase = ended ? Phase.ENDED : isReady(conditions) ? Phase.READY : Phase.UNREADY;
    return findings.parsed(
        () -> new Pod(pod.namespace(), pod.name(), pod.labels(), ip, ports(object), phase));
  }

  /**
   * The TCP ports of all containers, sidecars included. They are a hint only, so an unusable one is skipped without a
   * finding.
   *
   * @param object a Pod, or a template of Pods
   */
  public static List<Integer> ports(JsonNode object) {
    return Stream.of("containers", "initContainers")
        .flatMap(kind -> object.path("spec").path(kind).values().stream())
        .flatMap(container -> container.path("ports").values().stream())
        .filter(port -> port.path("protocol").asString("TCP").equals("TCP"))
        .map(port -> PortParser.number(port.path("containerPort")))
        .filter(number -> number > 0)
        .distinct()
        .toList();
  }

  private static boolean isReady(List<Fields> conditions) {
    return conditions.stream()
        .filter(condition -> condition.text("type").equals("Ready"))
        .findFirst()
        .filter(ready -> ready.text("status").equals("True"))
        .isPresent();
  }

  /**
   * Whether the pod was evicted or completed: it may keep an old Ready condition, while another pod has its address.
   */
  private static boolean hasFinished(String phase) {
    return phase.equals("Failed") || phase.equals("Succeeded");
  }
}
