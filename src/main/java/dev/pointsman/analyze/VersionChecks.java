package dev.pointsman.analyze;

import dev.pointsman.model.Diagnostic.Reason;
import java.util.List;
import java.util.Optional;

/** The version of Envoy Gateway, by the image of its Deployment. */
final class VersionChecks implements Check {
  private static final SoftwareVersion RECOMMENDED = new SoftwareVersion(1, 9, 2);

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests
        .workloads()
        .all()
        .forEach(workload -> workload.containers().forEach(container -> {
          String image = container.node().path("image").asString("");
          envoyGateway(image)
              .filter(version -> version.isBelow(RECOMMENDED))
              .ifPresent(version -> report.add(
                  workload.manifest(),
                  Reason.EnvoyGatewayOlder,
                  container.path() + ".image",
                  "is Envoy Gateway " + version,
                  version.minor() < 9
                      ? "InferencePolicies on HTTPRoutes have no effect before 1.9"
                      : "It writes the entries of maps in another order each time, so that proxies get updates without a"
                          + " change",
                  "Upgrade Envoy Gateway to 1.9.2 or later"));
        }));
  }

  /** The versions of Envoy Gateway that the manifests deploy. */
  static List<SoftwareVersion> envoyGateways(Manifests manifests) {
    return manifests.workloads().all().stream()
        .flatMap(workload -> workload.containers().stream())
        .flatMap(container -> envoyGateway(container.node().path("image").asString("")).stream())
        .toList();
  }

  private static Optional<SoftwareVersion> envoyGateway(String image) {
    return image.matches(".*envoyproxy/gateway(-dev)?:.*")
        ? SoftwareVersion.ofImage(image)
        : Optional.empty();
  }
}
