package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic;
import java.util.List;
import java.util.SortedMap;

/** Finds the mistakes in manifests. */
public final class Analyzer {
  private static final List<Check> CHECKS = List.of(
      new ObjectChecks(),
      new PoolChecks(),
      new PoolPodChecks(),
      new PickerServiceChecks(),
      new PickerProgramChecks(),
      new InferenceModelChecks(),
      new RouteBackendChecks(),
      new RouteFilterChecks(),
      new RouteMatchChecks(),
      new RouteOrderChecks(),
      new ModelHeaderChecks(),
      new RouteParentChecks(),
      new OtherRouteChecks(),
      new ServedModelChecks(),
      new PolicyTargetChecks(),
      new TimeoutChecks(),
      new TrafficPolicyChecks(),
      new PolicyChecks(),
      new ClassPolicyChecks(),
      new SecurityChecks(),
      new ProcessorChecks(),
      new ControllerChecks(),
      new EnvoyProxyChecks(),
      new HookConfigChecks(),
      new KindChecks(),
      new RightsChecks(),
      new VersionChecks(),
      new SchemaChecks());

  private Analyzer() {}

  /**
   * The findings, by file, line and code.
   *
   * @param manifests objects of a cluster or of some files
   * @param ofFiles diagnostics of files that are no manifests in a part, by file
   */
  public static List<Finding> analyze(
      List<Manifest> manifests, Known known, SortedMap<String, List<Diagnostic>> ofFiles) {
    FindingCollector report = new FindingCollector();
    ofFiles.forEach((file, diagnostics) -> diagnostics.forEach(one -> report.add(file, one)));
    Manifests sorted = new Manifests(manifests, known);
    CHECKS.forEach(check -> check.check(sorted, report));
    return report.findings();
  }
}
