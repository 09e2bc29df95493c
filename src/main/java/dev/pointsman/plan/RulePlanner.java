package dev.pointsman.plan;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Decides a rule's shares from its pools and the weights that the Endpoints hook told. */
public final class RulePlanner {
  private final Map<String, List<BackendWeight>> weightsByCluster;

  /**
   * A planner for one translation.
   *
   * @param weightsByCluster what the Endpoints hook told since the connection's last translation
   */
  public RulePlanner(Map<String, List<BackendWeight>> weightsByCluster) {
    this.weightsByCluster = weightsByCluster;
  }

  /**
   * Plans a rule whose routes go to one cluster: Envoy Gateway gave all of its backends to that cluster.
   *
   * @param rule the HTTPRoute, for messages
   * @param pools at least one, in the order of the rule
   */
  public RulePlan plan(ObjectRef rule, String cluster, List<PoolBackend> pools) {
    List<BackendWeight> backends = weightsByCluster.getOrDefault(cluster, List.of());
    List<BackendWeight> poolWeights =
        backends.stream().filter(BackendWeight::empty).toList();
    if (pools.size() == 1 && backends.size() <= 1) {
      return new Single(
          new Share(cluster, 1, pools.getFirst()),
          weightsByCluster.containsKey(cluster)
              ? diagnostics(pools)
              : withUnknownWeights(rule, cluster, pools));
    }
    if (poolWeights.size() != pools.size()) {
      return evenly(rule, cluster, pools);
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      BackendWeight backend = poolWeights.get(i);
      shares.add(
          new Share(backendCluster(cluster, backend.index()), backend.weight(), pools.get(i)));
    }
    long others = backends.stream()
        .filter(backend -> !backend.empty())
        .mapToLong(BackendWeight::weight)
        .sum();
    return new Split(cluster, others, shares, diagnostics(pools));
  }

  /**
   * Plans a rule whose routes have weighted clusters from which Envoy Gateway left the pools out: their clusters
   * {@code <cluster>/backend/<j>} exist, and their shares are put back.
   *
   * @param cluster the rule's name, before {@code /backend/<j>}
   * @param invalidWeight the weight that Envoy Gateway gave to backends that do not exist
   */
  public RulePlan planLeftOut(
      ObjectRef rule, String cluster, List<PoolBackend> pools, long invalidWeight) {
    List<BackendWeight> empty = weightsByCluster.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(cluster + "/backend/"))
        .flatMap(entry -> entry.getValue().stream())
        .filter(BackendWeight::empty)
        .sorted((one, other) -> Integer.compare(one.index(), other.index()))
        .toList();
    List<List<BackendWeight>> candidates = Choices.of(empty, pools.size())
        .filter(chosen -> sum(empty) - sum(chosen) == invalidWeight)
        .toList();
    long distinct = candidates.stream()
        .map(chosen -> chosen.stream().map(BackendWeight::weight).toList())
        .distinct()
        .count();
    if (distinct != 1) {
      return evenly(rule, cluster, pools);
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      BackendWeight backend = candidates.getFirst().get(i);
      shares.add(
          new Share(backendCluster(cluster, backend.index()), backend.weight(), pools.get(i)));
    }
    return new Split(cluster, 0, shares, diagnostics(pools));
  }

  private static RulePlan evenly(ObjectRef rule, String cluster, List<PoolBackend> pools) {
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      shares.add(new Share(backendCluster(cluster, i), 1, pools.get(i)));
    }
    return new Split(cluster, 0, shares, withUnknownWeights(rule, cluster, pools));
  }

  private static List<Diagnostic> withUnknownWeights(
      ObjectRef rule, String cluster, List<PoolBackend> pools) {
    Diagnostic even = new Diagnostic(
        Reason.UnknownWeights,
        rule,
        "",
        "the weights of the pools of " + cluster
            + " are not known, so that they share its requests evenly and other"
            + " backends get none: is the Endpoints hook in Envoy Gateway's extensionManager?");
    return Stream.concat(diagnostics(pools).stream(), Stream.of(even)).toList();
  }

  private static String backendCluster(String cluster, int index) {
    return cluster + "/backend/" + index; // Envoy Gateway's own spelling
  }

  private static long sum(List<BackendWeight> backends) {
    return backends.stream().mapToLong(BackendWeight::weight).sum();
  }

  private static List<Diagnostic> diagnostics(List<PoolBackend> pools) {
    return pools.stream()
        .flatMap(pool -> pool.diagnostics().stream())
        .distinct()
        .toList();
  }
}
