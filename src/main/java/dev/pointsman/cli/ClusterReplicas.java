package dev.pointsman.cli;

import dev.pointsman.analyze.Installation;
import dev.pointsman.analyze.Installation.ReplicaPod;
import dev.pointsman.analyze.Known;
import dev.pointsman.config.BadInput;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.ClusterManifests;
import dev.pointsman.kube.api.PodPages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks a cluster: its objects, and the admin ports of Pointsman's pods by the API server's proxy. */
final class ClusterReplicas {
  private ClusterReplicas() {}

  static List<CheckResult> results(Optional<Path> kubeconfig) {
    try {
      ApiAccess access = ApiAccess.find(kubeconfig);
      ClusterManifests.Listing found = ClusterManifests.list(access, List.of());
      Installation installation =
          Installation.of(found.manifests(), new Known(true, Set.of(), found.unread()));
      ClusterChecks checks = new ClusterChecks(installation, found.unread());
      List<CheckResult> results = new ArrayList<>(checks.before());
      List<ReplicaReport> replicas = new ArrayList<>();
      try (PodPages pages = new PodPages(access)) {
        for (ReplicaPod pod : installation.replicas()) {
          try {
            replicas.add(report(pages, pod));
          } catch (ReplicaReport.OtherServer e) {
            results.add(ReplicaReport.OtherServer.result(pod.name()));
          } catch (IOException e) {
            results.add(CheckResult.failed("replica " + pod.name() + " cannot be asked: "
                + e.getMessage() + "; it needs the right to get pods/proxy"));
          }
        }
      }
      if (!replicas.isEmpty()) {
        results.addAll(new InstallationChecks(replicas, Instant.now()).results());
      }
      results.addAll(checks.pools());
      return results;
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new BadInput("the API server does not respond: " + e.getMessage());
    }
  }

  private static ReplicaReport report(PodPages pages, ReplicaPod pod)
      throws IOException, ReplicaReport.OtherServer {
    return ReplicaReport.of(
        pod.name(),
        pages.get(pod.namespace(), pod.name(), pod.port(), "/readyz", "application/json"),
        pages.get(pod.namespace(), pod.name(), pod.port(), "/metrics", "*/*"));
  }
}
