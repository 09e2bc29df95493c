package dev.pointsman.plan;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides a rule's shares from its pools and the weights that Envoy Gateway reports, or else those of the HTTPRoute.
 */
public final class RulePlanner {
  private final Weights weights;
  private final Function<ObjectRef, Optional<HttpRouteRules>> routes;

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
    this.routes = routes;
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
    List<BackendWeight> backends =
        reported == null ? weightsFromHttpRoute(rule, cluster, pools) : reported;
    if (pools.size() == 1 && backends.size() <= 1) {
      return new Single(
          new Share(cluster, 1, pools.getFirst()),
          isReported || !backends.isEmpty()
              ? diagnostics(pools)
              : withUnknownWeights(rule, cluster, pools));
    }
    List<BackendWeight> poolWeights =
        backends.stream().filter(BackendWeight::empty).toList();
    if (poolWeights.size() != pools.size()) {
      return equalWeights(rule, cluster, pools);
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      BackendWeight backend = poolWeights.get(i);
      shares.add(new Share(
          BackendWeight.cluster(cluster, backend.index()), backend.weight(), pools.get(i)));
    }
    long nonPoolWeight = backends.stream()
        .filter(backend -> !backend.empty())
        .mapToLong(BackendWeight::weight)
        .sum();
    return new Split(
        cluster,
        nonPoolWeight,
        shares,
        isReported || !mayNameHosts(rule, cluster)
            ? diagnostics(pools)
            : with(unknownEndpoints(rule, cluster), pools));
  }

  /** Whether one of the rule's backends is of a kind whose endpoints may have host names. */
  private boolean mayNameHosts(ObjectRef rule, String cluster) {
    return refs(rule, cluster).stream()
        .anyMatch(ref -> ref.weight() > 0 && ref.kind().equals("Backend"));
  }

  private static Diagnostic unknownEndpoints(ObjectRef rule, String cluster) {
    return new Diagnostic(
        Reason.UnknownEndpoints,
        rule,
        "",
        "the endpoints of the Backends of " + cluster
            + " are not known to this translation, and those with"
            + " host names answer 503 until the next: a new one is asked for where --kubernetes watches; else"
            + " change the HTTPRoute. Without the Endpoints hook it stays so");
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
    List<BackendWeight> empty = BackendWeight.clusters(cluster)
        .map(weights::of)
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .filter(BackendWeight::empty)
        .sorted((one, other) -> Integer.compare(one.index(), other.index()))
        .toList();
    if (empty.isEmpty()) {
      empty = weightsFromHttpRoute(rule, cluster, pools).stream()
          .filter(BackendWeight::empty)
          .toList();
    }
    return planFromWeightedClusters(rule, cluster, pools, invalidWeight, empty);
  }

  /** The name with the suffix of a listener that its backends' clusters have, if the route names none of these. */
  private String withListener(String rule) {
    return rule
        + weights
            .firstWith(BackendWeight.prefix(rule))
            .map(BackendWeight::listenerSuffix)
            .orElse("");
  }

  private static RulePlan planFromWeightedClusters(
      ObjectRef rule,
      String cluster,
      List<PoolBackend> pools,
      long invalidWeight,
      List<BackendWeight> empty) {
    List<List<BackendWeight>> candidates = Combinations.of(empty, pools.size())
        .filter(chosen -> sum(empty) - sum(chosen) == invalidWeight)
        .toList();
    long distinct = candidates.stream()
        .map(chosen -> chosen.stream().map(BackendWeight::weight).toList())
        .distinct()
        .count();
    if (distinct != 1) {
      return equalWeights(rule, cluster, pools);
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      BackendWeight backend = candidates.getFirst().get(i);
      shares.add(new Share(
          BackendWeight.cluster(cluster, backend.index()), backend.weight(), pools.get(i)));
    }
    return new Split(cluster, 0, shares, diagnostics(pools));
  }

  /**
   * The weights of the HTTPRoute; none if the snapshot does not have it, or has another version than Envoy Gateway.
   *
   * @param pools the rule's pools according to Envoy Gateway
   */
  private List<BackendWeight> weightsFromHttpRoute(
      ObjectRef rule, String cluster, List<PoolBackend> pools) {
    List<BackendRef> refs = refs(rule, cluster);
    List<BackendWeight> weights = new ArrayList<>();
    List<BackendRef> poolRefs = new ArrayList<>();
    for (int i = 0; i < refs.size(); i++) {
      BackendRef ref = refs.get(i);
      boolean isPool = ref.kind().equals("InferencePool");
      if (ref.weight() > 0) { // Envoy Gateway ignores the others
        weights.add(new BackendWeight(i, ref.weight(), isPool));
        if (isPool) {
          poolRefs.add(ref);
        }
      }
    }
    return sameReferences(poolRefs, pools) ? weights : List.of();
  }

  /** The backends of the HTTPRoute's rule; none if the snapshot does not have it. */
  private List<BackendRef> refs(ObjectRef rule, String cluster) {
    OptionalInt number = BackendWeight.ruleNumber(cluster);
    if (!rule.kind().equals("HTTPRoute") || number.isEmpty()) {
      return List.of();
    }
    int index = number.getAsInt();
    return routes
        .apply(rule)
        .filter(route -> index < route.rules().size())
        .map(route -> route.rules().get(index).backends())
        .orElse(List.of());
  }

  private static boolean sameReferences(List<BackendRef> refs, List<PoolBackend> pools) {
    return refs.size() == pools.size()
        && IntStream.range(0, refs.size())
            .allMatch(i -> !(pools.get(i) instanceof ValidPool pool)
                || pool.ref().equals(refs.get(i).pool()));
  }

  private static RulePlan equalWeights(ObjectRef rule, String cluster, List<PoolBackend> pools) {
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < pools.size(); i++) {
      shares.add(new Share(BackendWeight.cluster(cluster, i), 1, pools.get(i)));
    }
    return new Split(cluster, 0, shares, withUnknownWeights(rule, cluster, pools));
  }

  private static List<Diagnostic> withUnknownWeights(
      ObjectRef rule, String cluster, List<PoolBackend> pools) {
    Diagnostic unknownWeights = new Diagnostic(
        Reason.UnknownWeights,
        rule,
        "",
        "the weights of the pools of " + cluster
            + " are not known, so that they share its requests evenly and other"
            + " backends get none: is the Endpoints hook in Envoy Gateway's extensionManager?");
    return with(unknownWeights, pools);
  }

  private static List<Diagnostic> with(Diagnostic one, List<PoolBackend> pools) {
    return Stream.concat(diagnostics(pools).stream(), Stream.of(one)).toList();
  }

  private static long sum(List<BackendWeight> backends) {
    return backends.stream().mapToLong(BackendWeight::weight).sum();
  }

  private static List<Diagnostic> diagnostics(List<PoolBackend> pools) {
    return pools.size() == 1
        ? pools.getFirst().diagnostics()
        : pools.stream().flatMap(pool -> pool.diagnostics().stream()).distinct().toList();
  }
}
