package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;

/** Replicas of an endpoint picker, and its stop. */
final class PickerReplicas {
  /** The stock chart sets 130 s. */
  private static final int SHORT_STOP_SECONDS = 60;

  private static final int DEFAULT_STOP_SECONDS = 30;

  private PickerReplicas() {}

  static void check(FindingCollector report, PickerProgram program) {
    Workload workload = program.workload();
    Manifest manifest = workload.manifest();
    if (workload.replicas() > 1 && !program.electsLeader()) {
      report.add(
          manifest,
          Reason.PickerReplicas,
          "spec.replicas",
          "is " + workload.replicas() + " without --ha-enable-leader-election",
          "Each replica picks without the requests of the others, so pods get more than the picker believes",
          "Use one replica, or add --ha-enable-leader-election and a readinessProbe");
    }
    if (program.electsLeader() && !program.container().node().has("readinessProbe")) {
      report.add(
          manifest,
          Reason.PickerFollowers,
          program.pathOf("ha-enable-leader-election"),
          "elects a leader, but the container has no readinessProbe, which only the leader passes",
          "Envoy asks followers, too, and their picks do not know the leader's requests",
          "Add readinessProbe: {grpc: {port: 9003, service: inference-extension}}");
    }
    int stop = workload
        .pod()
        .path("spec")
        .path("terminationGracePeriodSeconds")
        .asInt(DEFAULT_STOP_SECONDS);
    if (stop < SHORT_STOP_SECONDS) {
      report.add(
          manifest,
          Reason.PickerStopsEarly,
          workload.path("spec.terminationGracePeriodSeconds"),
          "is " + stop + ", shorter than long answers",
          "Answers that take longer are cut off as the picker stops, with FailOpen too",
          "Set it above the longest answer; the stock chart sets 130");
    }
  }
}
