package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The block about extension managers in Envoy Gateway's configuration, as the release of a chart gives it. */
record ExtensionBlock(Cluster cluster) {
  /**
   * Tells Envoy Gateway, and restarts it.
   *
   * @param release whose ConfigMap has the block
   * @param more arguments for Helm
   */
  void takeFrom(String release, String... more) {
    String values = cluster.kubectl(
        "get",
        "configmap",
        release + "-envoy-gateway",
        "-n",
        Cluster.SYSTEM,
        "-o",
        "jsonpath={.data.values\\.yaml}");
    try {
      Path file = Files.writeString(Files.createTempFile("values", ".yaml"), values);
      String chart =
          Commands.run(Map.of(), "", "hack/envoy-gateway-chart.sh", List.of()).strip();
      List<String> arguments = new ArrayList<>(List.of(
          "upgrade",
          "eg",
          chart,
          "-n",
          Cluster.SYSTEM,
          "--reset-then-reuse-values",
          "-f",
          file.toString()));
      arguments.addAll(List.of(more));
      var _ = cluster.helm(arguments.toArray(String[]::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cluster.kubectl("rollout", "restart", "-n", Cluster.SYSTEM, "deployment/envoy-gateway");
    cluster.awaitRollout(Cluster.SYSTEM, "deployment/envoy-gateway");
  }
}
