package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** EnvoyProxy objects: the image and the bootstrap of the proxies. */
final class EnvoyProxyChecks implements Check {
  private static final SoftwareVersion OLDEST = new SoftwareVersion(1, 38, 0);
  private static final Pattern CLUSTER = Pattern.compile("name\"?:\\s*\"?(pointsman[\\w./-]*)");

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests.of(GatewayApi.ENVOY_PROXY).forEach(proxy -> {
      JsonNode spec = proxy.node().path("spec");
      Matcher cluster = CLUSTER.matcher(spec.path("bootstrap").path("value").asString(""));
      if (cluster.find()) {
        report.add(
            proxy,
            Reason.BootstrapCluster,
            "spec.bootstrap.value",
            "has a cluster " + cluster.group(1)
                + ", and Pointsman sends its own with the other clusters",
            "A static cluster of that name keeps its old address and TLS settings; proxies get no endpoints if they differ",
            "Remove the cluster from the bootstrap");
      }
      for (String workload : new String[] {"envoyDeployment", "envoyDaemonSet"}) {
        JsonNode container =
            spec.path("provider").path("kubernetes").path(workload).path("container");
        image(
            report,
            proxy,
            "spec.provider.kubernetes." + workload + ".container.image",
            container.path("image").asString(""));
      }
    });
  }

  private static void image(FindingCollector report, Manifest proxy, String field, String image) {
    Optional<SoftwareVersion> version = SoftwareVersion.ofImage(image);
    if (image.contains("envoy") && version.filter(one -> one.isBelow(OLDEST)).isPresent()) {
      report.add(
          proxy,
          Reason.EnvoyTooOld,
          field,
          "is " + image + ", but Envoy 1.38 is the oldest that is supported",
          "Envoy may reject the pools' configuration, and then keeps the last one that it has",
          "Leave the image out (Envoy Gateway's own), or use 1.38 to 1.40");
    }
  }
}
