package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolServing;
import java.util.Map;
import java.util.Set;

/** Pools whose pods or pickers cannot serve, as the condition {@code Ready} says. */
final class PoolPodChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Map<InferencePool, Manifest> pools = manifests.objects().pools();
    Set<String> namespaces =
        manifests.workloads().namespaces(PickerPrograms.allWorkloads(manifests));
    pools.forEach((pool, manifest) -> PoolServing.of(pool, manifests.snapshot())
        .ifPresent(serving -> serving.problems().stream()
            .filter(problem -> isKnown(manifests, namespaces, pool, problem))
            .forEach(problem -> report.add(manifest, problem))));
  }

  private static boolean isKnown(
      Manifests manifests, Set<String> namespaces, InferencePool pool, Diagnostic problem) {
    if (manifests.known().cluster()) {
      return manifests.known().has("Pod", pool.ref().namespace());
    }
    return namespaces.contains(pool.ref().namespace())
        || (isOfPicker(problem)
            && PickerPrograms.workloads(manifests, pool).findAny().isPresent());
  }

  private static boolean isOfPicker(Diagnostic problem) {
    return problem.reason() == Reason.PickerUnavailable || problem.field().endsWith("Ref");
  }
}
