package dev.pointsman.plan;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides a rule's shares from its pools and the weights that Envoy Gateway reports, or else those of the HTTPRoute.
 */
public final class RulePlanner {
  private final Weights weights;
  private final WrittenWeights written;

  /** The weights of rules, as Envoy Gateway reports them for one translation. */
  public interface Weights {
    /** The weights of the backends in a cluster; null if they are not reported. */
    @Nullable
    List<BackendWeight> of(String cluster);

    /** The first reported cluster by name of those that start with the text. */
    default Optional<String> firstWith(String start) {
      return Optional.empty();
    }
  }

  /**
   * Creates a planner for one translation.
   *
   * @param routes the HTTPRoutes of the snapshot, for rules whose weights are not reported
   */
  public RulePlanner(Weights weights, Function<ObjectRef, Optional<HttpRouteRules>> routes) {
    this.weights = weights;
    written = new WrittenWeights(routes);
  }

  /**
   * Plans a rule whose routes target one cluster, which has all of the rule's backends.
   *
   * @param rule the HTTPRoute, for messages
   * @param pools at least one, in the order of the rule
   */
  public RulePlan plan(ObjectRef rule, String cluster, List<PoolBackend> pools) {
    List<BackendWeight> reported = weights.of(cluster);
    boolean isReported = reported != null;
    List<BackendWeight> backends = reported == null ? written.of(rule, cluster, pools) : reported;
    if (pools.size() == 1 && backends.size() <= 1) {
      return new Single(
          new Share(cluster, 1, pools.getFirst()),
          isReported || !backends.isEmpty()
              ? diagnostics(pools)
              : with(unknownWeights(rule, cluster), pools));
    }
    List<BackendWeight> poolWeights =
        backends.stream().filter(BackendWeight::empty).toList();
    if (poolWeights.size() != pools.size()) {
      return equalShares(
          cluster,
          pools,
          pools.size(),
          isReported ? ambiguousWeights(rule, cluster) : unknownWeights(rule, cluster));
    }
    List<Share> shares = shares(cluster, poolWeights, pools);
    long nonPoolWeight = BackendWeight.sum(backends) - BackendWeight.sum(poolWeights);
    return new Split(
        cluster,
        nonPoolWeight,
        shares,
        isReported || !written.mayNameHosts(rule, cluster)
            ? diagnostics(pools)
            : with(unknownEndpoints(rule, cluster), pools));
  }

  private static Diagnostic unknownEndpoints(ObjectRef rule, String cluster) {
    return new Diagnostic(
        Reason.UnknownEndpoints,
        rule,
        "",
        "the endpoints of the Backends of " + cluster
            + " are not known to this translation, and those with host names answer 503 until the"
            + " next: a new one is asked for where --kubernetes watches; else change the"
            + " HTTPRoute. Without the Endpoints hook it stays so");
  }

  /**
   * Plans a rule whose routes have weighted clusters without the pools, which Envoy Gateway omits. The clusters
   * {@code <cluster>/backend/<j>} exist, and the plan restores the pools' shares.
   *
   * @param rule the HTTPRoute, for messages
   * @param name the rule's name without {@code /backend/<j>}
   * @param invalidWeight the weight that Envoy Gateway gave to backends that do not exist
   */
  public RulePlan planFromWeightedClusters(
      ObjectRef rule, String name, List<PoolBackend> pools, long invalidWeight) {
    String cluster = withListener(name);
    List<BackendWeight> reported = BackendWeight.clusters(cluster)
        .map(weights::of)
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .sorted(Comparator.comparingInt(BackendWeight::index))
        .toList();
    List<BackendWeight> empty = reported.stream().filter(BackendWeight::empty).toList();
    long poolWeight = BackendWeight.sum(empty) - invalidWeight;
    List<List<BackendWeight>> fitting = Combinations.of(empty, pools.size())
        .filter(chosen -> BackendWeight.sum(chosen) == poolWeight)
        .toList();
    List<List<BackendWeight>> decided = isOneWay(fitting)
        ? fitting
        : written.fitting(rule, cluster, pools, reported, invalidWeight);
    if (isOneWay(decided)) {
      return new Split(cluster, 0, shares(cluster, decided.getFirst(), pools), diagnostics(pools));
    }
    return equalShares(
        cluster,
        pools,
        // if it is not known: none has less than the invalid backends
        poolWeight > 0 ? poolWeight : invalidWeight * pools.size(),
        fitting.isEmpty() ? unknownWeights(rule, cluster) : ambiguousWeights(rule, cluster));
  }

  /** Whether the combinations are the same weights in the same order. */
  private static boolean isOneWay(List<List<BackendWeight>> combinations) {
    return combinations.stream()
            .map(chosen -> chosen.stream().map(BackendWeight::weight).toList())
            .distinct()
            .count()
        == 1;
  }

  /** The name with the suffix of a listener that its backends' clusters have, if the route names none of these. */
  private String withListener(String rule) {
    return rule
        + weights
            .firstWith(BackendWeight.prefix(rule))
            .map(BackendWeight::listenerSuffix)
            .orElse("");
  }

  private static List<Share> shares(
      String cluster, List<BackendWeight> weights, List<PoolBackend> pools) {
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      BackendWeight backend = weights.get(i);
      shares.add(new Share(
          BackendWeight.cluster(cluster, backend.index()), backend.weight(), pools.get(i)));
    }
    return shares;
  }

  /**
   * Equal shares.
   *
   * @param weight of all pools; beside it, the route has the weights of other backends
   */
  private static RulePlan equalShares(
      String cluster, List<PoolBackend> pools, long weight, Diagnostic reason) {
    long all = Math.max(weight, pools.size());
    List<BackendWeight> equal = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      long share = all * (i + 1) / pools.size() - all * i / pools.size();
      equal.add(new BackendWeight(i, share, true));
    }
    return new Split(cluster, 0, shares(cluster, equal, pools), with(reason, pools));
  }

  private static Diagnostic unknownWeights(ObjectRef rule, String cluster) {
    return new Diagnostic(
        Reason.UnknownWeights,
        rule,
        "",
        "the weights of the pools of " + cluster
            + " are not known, so that they share its requests evenly and other"
            + " backends get none: is the Endpoints hook in Envoy Gateway's extensionManager?");
  }

  private static Diagnostic ambiguousWeights(ObjectRef rule, String cluster) {
    return new Diagnostic(
        Reason.AmbiguousWeights,
        rule,
        "",
        "the weights of the pools of " + cluster
            + " cannot be told from those of its backends that are missing or have no endpoints,"
            + " so that the pools share the remaining requests evenly: remove these backends, or"
            + " let Pointsman watch the HTTPRoute (--kubernetes)");
  }

  private static List<Diagnostic> with(Diagnostic one, List<PoolBackend> pools) {
    return Stream.concat(diagnostics(pools).stream(), Stream.of(one)).toList();
  }

  private static List<Diagnostic> diagnostics(List<PoolBackend> pools) {
    return pools.size() == 1
        ? pools.getFirst().diagnostics()
        : pools.stream().flatMap(pool -> pool.diagnostics().stream()).distinct().toList();
  }
}
