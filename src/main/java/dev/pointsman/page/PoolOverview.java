package dev.pointsman.page;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolServing;
import dev.pointsman.xds.EdsNames;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pool with its pods and its picker now.
 *
 * @param name {@code namespace/name}
 * @param endpoints the name of its endpoints in endpoint discovery
 * @param picker absent if the pool names none
 * @param pods at most {@link #MOST_PODS}, those that are not ready first
 * @param selected the number of all pods that its selector selects
 * @param ready the number of them that receive requests
 * @param summary in words; says so if the pods are not known
 * @param problems of the pool, one line each
 */
public record PoolOverview(
    String name,
    String group,
    String endpoints,
    String selector,
    List<Integer> ports,
    Optional<PickerOverview> picker,
    List<PodOverview> pods,
    int selected,
    int ready,
    String summary,
    List<String> problems) {
  /** The maximum number of pods that are named. */
  public static final int MOST_PODS = 200;

  /**
   * A pool's picker.
   *
   * @param service {@code namespace/name/port}
   * @param endpoints its ready endpoints; empty if the Service or its port is not known
   */
  public record PickerOverview(
      String service, boolean failsOpen, Optional<List<String>> endpoints) {}

  /** A pod; {@code state} is that of its readiness in words. */
  public record PodOverview(String name, String ip, boolean serves, String state) {}

  /**
   * The pools of a snapshot, sorted.
   *
   * @param most the number of pools that are named
   */
  public static List<PoolOverview> of(ClusterSnapshot snapshot, int most) {
    return snapshot.pools().values().stream()
        .sorted(Comparator.comparing(InferencePool::ref))
        .limit(most)
        .map(pool -> of(pool, snapshot))
        .toList();
  }

  private static PoolOverview of(InferencePool pool, ClusterSnapshot snapshot) {
    Optional<PoolServing> serving = PoolServing.of(pool, snapshot);
    List<Pod> pods = snapshot.podsOf(pool);
    return new PoolOverview(
        pool.ref().toString(),
        pool.ref().group(),
        EdsNames.of(pool.ref()),
        selector(pool),
        pool.targetPorts(),
        pool.picker()
            .map(picker -> new PickerOverview(
                picker.service().toString(),
                picker.failureMode() == FailureMode.FAIL_OPEN,
                snapshot
                    .endpointsOf(picker.service())
                    .map(all -> all.stream().map(Endpoint::toString).toList()))),
        pods.stream()
            .sorted(Comparator.comparing(Pod::serves).thenComparing(Pod::name))
            .limit(MOST_PODS)
            .map(pod -> new PodOverview(pod.name(), pod.ip(), pod.serves(), state(pod)))
            .toList(),
        pods.size(),
        (int) pods.stream().filter(Pod::serves).count(),
        serving.map(PoolServing::summary).orElse("the pods of the namespace are not known"),
        serving.map(PoolServing::allProblems).orElse(List.of()).stream()
            .map(Diagnostic::toString)
            .toList());
  }

  private static String state(Pod pod) {
    return switch (pod.phase()) {
      case READY -> pod.ip().isEmpty() ? "ready, no address yet" : "ready";
      case UNREADY -> "not ready";
      case ENDED -> "ended";
    };
  }

  private static String selector(InferencePool pool) {
    StringBuilder labels = new StringBuilder();
    new TreeMap<>(pool.selector())
        .forEach((name, value) ->
            labels.append(labels.isEmpty() ? "" : ",").append(name).append('=').append(value));
    return labels.toString();
  }
}
