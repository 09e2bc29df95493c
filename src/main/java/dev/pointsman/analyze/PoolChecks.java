package dev.pointsman.analyze;

import dev.pointsman.analyze.RouteRule.RouteBackend;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pools beside one another: unused, twice, over the same pods. */
final class PoolChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Map<InferencePool, Manifest> pools = manifests.objects().pools();
    Set<PoolRef> used = used(manifests);
    Map<InferencePool, Set<String>> pods = new HashMap<>();
    pools.keySet().forEach(pool -> pods.put(pool, pods(manifests, pool)));
    boolean areRoutesRead = manifests.areRead(GatewayApi.HTTP_ROUTE, GatewayApi.POLICY);
    pools.forEach((pool, manifest) -> {
      PoolRef ref = pool.ref();
      PoolRef twin = new PoolRef(PoolRef.V1, ref.namespace(), ref.name());
      boolean leftover = ref.group().equals(PoolRef.V1ALPHA2)
          && !used.contains(ref)
          && areRoutesRead
          && manifests.workloads().areRead(ref.namespace())
          && pools.keySet().stream().anyMatch(other -> other.ref().equals(twin));
      if (leftover) {
        report.add(
            manifest,
            Reason.AlphaPoolLeftOver,
            "apiVersion",
            "is " + PoolRef.V1ALPHA2 + "/v1alpha2, and a pool of " + PoolRef.V1
                + "/v1 has the same name",
            "No HTTPRoute leads to this one; changes of it change nothing",
            "Delete it: kubectl delete inferencepools." + PoolRef.V1ALPHA2 + " " + ref.name());
      } else if (!used.contains(ref)
          && areRoutesRead
          && manifests.workloads().areRead(ref.namespace())
          && manifests.knows(GatewayApi.HTTP_ROUTE, ref.namespace())) {
        report.add(
            manifest,
            Reason.UnusedPool,
            "metadata.name",
            "is named by no HTTPRoute and no InferencePolicy",
            "The pool gets no requests",
            "Name it in backendRefs of an HTTPRoute, with group " + ref.group());
      }
      pools.keySet().stream()
          .filter(other -> areRoutesRead
              && before(other, pool)
              && overlaps(pool, other, pods)
              && !shareARule(manifests, ref, other.ref()))
          .findFirst()
          .ifPresent(other -> report.add(
              manifest,
              Reason.PoolsOverlap,
              "spec.selector",
              "selects pods that " + ObjectRef.of(other.ref()) + " selects, too",
              "Two endpoint pickers choose among the same pods, and neither knows the requests of the other",
              "Give the pods of each pool a label of their own, or use one pool for both rules"));
    });
  }

  /** Whether one rule, or one model of a policy, has shares of both: that is a canary of the picker. */
  private static boolean shareARule(Manifests manifests, PoolRef one, PoolRef other) {
    List<PoolRef> both = List.of(one, other);
    return Stream.concat(
            manifests.rules().stream()
                .map(rule -> rule.pools().stream().map(RouteBackend::pool).toList()),
            manifests.objects().policies().keySet().stream()
                .flatMap(policy -> policy.models().stream())
                .map(model -> model.backends().stream()
                    .map(InferencePolicy.Backend::destination)
                    .flatMap(PoolChecks::pool)
                    .toList()))
        .anyMatch(pools -> pools.containsAll(both));
  }

  private static Stream<PoolRef> pool(InferencePolicy.Destination destination) {
    return destination instanceof InferencePolicy.Destination.Pool(PoolRef pool)
        ? Stream.of(pool)
        : Stream.of();
  }

  private static boolean before(InferencePool other, InferencePool pool) {
    return other.ref().compareTo(pool.ref()) < 0;
  }

  /** Whether two pools with pickers of their own have a pod in common, or must have one by their selectors. */
  private static boolean overlaps(
      InferencePool pool, InferencePool other, Map<InferencePool, Set<String>> pods) {
    boolean apart = !pool.ref().namespace().equals(other.ref().namespace())
        || pool.ref().name().equals(other.ref().name()) // a pool and its v1alpha2 twin
        || Collections.disjoint(pool.targetPorts(), other.targetPorts())
        || pool.picker().isEmpty()
        || other.picker().isEmpty();
    return !apart
        && (pool.selector().equals(other.selector())
            || !Collections.disjoint(pods.get(pool), pods.get(other)));
  }

  /** The workloads that a pool selects. */
  private static Set<String> pods(Manifests manifests, InferencePool pool) {
    return manifests.workloads().selected(pool.ref().namespace(), pool.selector()).stream()
        .map(one -> one.manifest().object().ref() + " " + one.path())
        .collect(Collectors.toSet());
  }

  /** The pools that routes, policies or pickers name. */
  private static Set<PoolRef> used(Manifests manifests) {
    Set<PoolRef> used = new HashSet<>();
    manifests.rules().stream()
        .flatMap(rule -> Stream.concat(rule.pools().stream(), rule.mirrors().stream()))
        .filter(RouteBackend::isPool)
        .forEach(backend -> {
          PoolRef pool = backend.pool();
          used.add(pool);
          if (!manifests.snapshot().pools().containsKey(pool)) { // said by RouteBackendChecks
            used.add(new PoolRef(PoolRef.V1, pool.namespace(), pool.name()));
            used.add(new PoolRef(PoolRef.V1ALPHA2, pool.namespace(), pool.name()));
          }
        });
    manifests.objects().policies().keySet().stream()
        .flatMap(PoolChecks::destinations)
        .flatMap(PoolChecks::pool)
        .forEach(used::add);
    manifests
        .of(GatewayApi.POLICY)
        .filter(manifest -> !manifests.objects().policies().containsValue(manifest))
        .forEach(invalid -> invalid.node().path("spec").findValues("pool").forEach(pool -> {
          String namespace = pool.path("namespace").asString(invalid.object().namespace());
          used.add(new PoolRef(PoolRef.V1, namespace, pool.path("name").asString("")));
          used.add(new PoolRef(PoolRef.V1ALPHA2, namespace, pool.path("name").asString("")));
        }));
    PickerPrograms.of(manifests)
        .forEach(program -> program
            .poolName()
            .ifPresent(name ->
                used.add(new PoolRef(program.poolGroup(), program.workload().namespace(), name))));
    return used;
  }

  private static Stream<InferencePolicy.Destination> destinations(InferencePolicy policy) {
    return Stream.of(
            policy.mirrors().stream().map(InferencePolicy.MirrorSpec::destination),
            policy.models().stream()
                .flatMap(model -> model.backends().stream())
                .map(InferencePolicy.Backend::destination),
            Stream.concat(
                    policy.fallback().stream(),
                    policy.models().stream().flatMap(model -> model.fallback().stream()))
                .flatMap(fallback -> fallback.to().stream())
                .map(InferencePolicy.StageSpec::destination))
        .flatMap(destinations -> destinations);
  }
}
