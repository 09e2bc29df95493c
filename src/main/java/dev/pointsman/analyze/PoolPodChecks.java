package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.PoolServing;
import dev.pointsman.model.Subset;
import java.util.List;
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
            .forEach(problem -> add(manifests, report, manifest, pool, problem))));
    manifests
        .objects()
        .policies()
        .forEach((policy, manifest) -> policy
            .subset()
            .ifPresent(subset -> subset(manifests, namespaces, report, manifest, policy, subset)));
  }

  private static void add(
      Manifests manifests,
      FindingCollector report,
      Manifest manifest,
      InferencePool pool,
      Diagnostic problem) {
    List<Workload> workloads =
        manifests.workloads().selected(pool.ref().namespace(), pool.selector());
    if (problem.reason() == Reason.NoReadyPods
        && !workloads.isEmpty()
        && workloads.stream().allMatch(one -> one.replicas() == 0)) {
      report.add(
          manifest,
          Reason.ScaledToZero,
          problem.field(),
          "selects only pods of " + workloads.getFirst().manifest().object().ref()
              + ", which has replicas: 0",
          "Requests to the pool are answered with 503 until it is scaled up; no request scales it up",
          "Set replicas, or suppress this code if an autoscaler does");
    } else {
      report.add(manifest, problem);
    }
  }

  private static void subset(
      Manifests manifests,
      Set<String> namespaces,
      FindingCollector report,
      Manifest manifest,
      InferencePolicy policy,
      Subset subset) {
    Set<PoolRef> pools = PolicyReach.pools(manifests, policy);
    manifests.objects().pools().keySet().stream()
        .filter(pool -> pools.contains(pool.ref()))
        .filter(pool -> isEmpty(manifests, namespaces, pool, subset))
        .findFirst()
        .ifPresent(pool -> report.add(
            manifest,
            Reason.EmptySubset,
            "spec.subset.matchLabels",
            "selects no pod of InferencePool " + pool.ref(),
            "Requests of the rule are answered with 503 no_endpoints_in_subset",
            "Name labels that pods of the pool have, beside those of its selector"));
  }

  private static boolean isEmpty(
      Manifests manifests, Set<String> namespaces, InferencePool pool, Subset subset) {
    Map<String, String> labels = subset.within(pool.selector());
    boolean isKnown = manifests.isOfCluster()
        ? manifests.knows("Pod", pool.ref().namespace())
        : namespaces.contains(pool.ref().namespace());
    boolean hasPods = manifests
        .snapshot()
        .pods()
        .selected(pool.ref().namespace(), pool.selector())
        .findAny()
        .isPresent();
    return labels.isEmpty()
        || isKnown
            && hasPods // else the pool itself has a finding
            && manifests
                .snapshot()
                .pods()
                .selected(pool.ref().namespace(), labels)
                .findAny()
                .isEmpty();
  }

  private static boolean isKnown(
      Manifests manifests, Set<String> namespaces, InferencePool pool, Diagnostic problem) {
    if (manifests.isOfCluster()) {
      return manifests.knows("Pod", pool.ref().namespace())
          && (problem.reason() != Reason.PickerUnavailable
              || manifests.knows(GatewayApi.ENDPOINT_SLICE, pool.ref().namespace()));
    }
    return namespaces.contains(pool.ref().namespace())
        || (isOfPicker(problem)
            && PickerPrograms.workloads(manifests, pool).findAny().isPresent());
  }

  private static boolean isOfPicker(Diagnostic problem) {
    return problem.reason() == Reason.PickerUnavailable || problem.field().endsWith("Ref");
  }
}
