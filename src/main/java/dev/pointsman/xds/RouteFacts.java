package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.UserStrings;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.PoolBackend;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The facts about a route of Envoy Gateway that its change depends on.
 *
 * @param owner the HTTPRoute that it is made from
 * @param condition its match without the model condition
 * @param hasModelCondition whether it matches the model's name or its base model's
 * @param model the matched model, if it is exactly one
 * @param baseModel the matched base model, if it is exactly one
 * @param isPreflight whether it is for preflights of a model route, which have no model
 * @param rule the clusters of its rule; empty for a direct response or a redirect
 * @param directAnswer the response without a backend, as text: {@code with 500}; empty if it has a backend
 * @param pools the pools that the Route hook recorded, in the order of the rule
 * @param policies the ids of the InferencePolicies that the Route hook recorded
 * @param carried the InferencePolicies in its record, by id
 * @param gates its configuration for filters, and its rate limits
 * @param requestsSession whether its rule has session persistence
 * @param remarks diagnostics for its owner
 * @param bytes its size without the record
 */
public record RouteFacts(
    String name,
    ObjectRef owner,
    RouteMatch condition,
    boolean hasModelCondition,
    Optional<String> model,
    Optional<String> baseModel,
    boolean isPreflight,
    Optional<RuleClusters> rule,
    Optional<String> directAnswer,
    List<PoolBackend> pools,
    List<String> policies,
    Map<String, Parsed<InferencePolicy>> carried,
    Gates gates,
    boolean requestsSession,
    List<Diagnostic> remarks,
    int bytes) {
  /** The largest number of copies of a route to a pool: itself, one for large bodies, and one in the loop. */
  private static final int COPIES = 3;

  /** As many, for a route with filters that must not share a filter chain with a picker. */
  private static final int COPIES_APART = 6;

  /** The cluster in which Envoy Gateway counts the weights of backends that do not exist. */
  private static final String INVALID_BACKENDS = "invalid-backend-cluster";

  /** The clusters of a rule's backends. */
  public sealed interface RuleClusters {
    /** One cluster for all backends. */
    record OneCluster(String cluster) implements RuleClusters {}

    /**
     * Weighted clusters named {@code <rule>/backend/<j>}, without the pools.
     *
     * @param rule with the suffix of a listener if the clusters have one
     * @param invalidWeight the weight of backends that do not exist
     * @param merged the first of the clusters if each is one that several rules use
     */
    record Weighted(String rule, long invalidWeight, Optional<String> merged)
        implements RuleClusters {}
  }

  /**
   * Reads a route.
   *
   * @throws InvalidProtocolBufferException if the bytes are no route
   * @throws IllegalArgumentException if the Route hook did not make the record
   */
  public static RouteFacts of(ByteString bytes) throws InvalidProtocolBufferException {
    Route route = Route.parseFrom(bytes);
    RouteMatch match = route.getMatch();
    boolean isPreflight = Preflights.isFor(route);
    return new RouteFacts(
        route.getName(),
        RouteOwner.of(route),
        ModelHeaders.without(match),
        ModelHeaders.in(match) && !isPreflight,
        isPreflight ? Optional.empty() : ModelHeaders.model(match),
        isPreflight ? Optional.empty() : ModelHeaders.baseModel(match),
        isPreflight,
        rule(route),
        directAnswer(route),
        InBand.pools(route),
        InBand.policies(route),
        carried(route),
        Gates.of(route),
        Sessions.on(route),
        remarks(route),
        InBand.strip(route).getSerializedSize());
  }

  private static Map<String, Parsed<InferencePolicy>> carried(Route route) {
    Map<String, Parsed<InferencePolicy>> parsed = new HashMap<>();
    InBand.carried(route)
        .forEach((id, policy) -> parsed.put(id, PolicyParser.parse(Structs.json(policy))));
    return parsed;
  }

  private static List<Diagnostic> remarks(Route route) {
    return ModelHeaders.rawBaseModel(route.getMatch())
        .flatMap(UserStrings::refusedModel)
        .map(why -> new Diagnostic(
            Reason.InvalidModelName,
            RouteOwner.of(route),
            "spec.rules.matches.headers",
            "asks for a base model by a name that " + why + ": no request meets it"))
        .map(List::of)
        .orElse(List.of());
  }

  /** Whether the route may have to be changed. */
  public boolean isRelevant() {
    return hasModelCondition || isPreflight || !pools.isEmpty() || !policies.isEmpty();
  }

  /** The names of its enabled filters. */
  public Set<String> filters() {
    return gates.filters();
  }

  /** Whether it was added by an earlier pass. */
  public boolean isOurs() {
    return XdsNames.isOurs(name);
  }

  private static Optional<RuleClusters> rule(Route route) {
    return switch (route.getRoute().getClusterSpecifierCase()) {
      case CLUSTER -> Optional.of(new RuleClusters.OneCluster(route.getRoute().getCluster()));
      case WEIGHTED_CLUSTERS ->
        Optional.of(
            new RuleClusters.Weighted(weightedRule(route), invalidWeight(route), merged(route)));
      case CLUSTER_HEADER,
          CLUSTER_SPECIFIER_PLUGIN,
          INLINE_CLUSTER_SPECIFIER_PLUGIN,
          CLUSTERSPECIFIER_NOT_SET -> Optional.empty();
    };
  }

  private static Optional<String> directAnswer(Route route) {
    return switch (route.getActionCase()) {
      case DIRECT_RESPONSE -> Optional.of("with " + route.getDirectResponse().getStatus());
      case REDIRECT -> Optional.of("with a redirect");
      case ROUTE, FILTER_ACTION, NON_FORWARDING_ACTION, ACTION_NOT_SET -> Optional.empty();
    };
  }

  /** Envoy Gateway names routes {@code <rule>/match/<i>/<host>} and clusters {@code <rule>[/backend/<j>]}. */
  private static String ruleName(String route) {
    int match = route.lastIndexOf("/match/"); // a namespace or an HTTPRoute may be called match
    return match < 0 ? route : route.substring(0, match);
  }

  /** Only clusters have the suffix of a listener. */
  private static String weightedRule(Route route) {
    String rule = ruleName(route.getName());
    return rule
        + clusters(route)
            .filter(cluster -> cluster.startsWith(rule + "/"))
            .findFirst()
            .map(BackendWeight::listenerSuffix)
            .orElse("");
  }

  private static Optional<String> merged(Route route) {
    return clusters(route).anyMatch(cluster -> isOf(ruleName(route.getName()), cluster))
        ? Optional.empty()
        : clusters(route).findFirst();
  }

  private static Stream<String> clusters(Route route) {
    return route.getRoute().getWeightedClusters().getClustersList().stream()
        .map(ClusterWeight::getName)
        .filter(cluster -> !cluster.equals(INVALID_BACKENDS));
  }

  /** Whether a cluster has the name of a rule, or one that begins with it. */
  private static boolean isOf(String rule, String cluster) {
    return cluster.startsWith(rule)
        && (cluster.length() == rule.length() || !Character.isDigit(cluster.charAt(rule.length())));
  }

  /**
   * The start of the names of clusters that policies add to its rule. Envoy Gateway's cluster of the rule may be one that
   * rules of other tenants use, too ({@code mergeBackends}).
   */
  public String ruleName() {
    String own = ruleName(name);
    return rule.map(clusters -> switch (clusters) {
          case RuleClusters.OneCluster(String cluster) -> isOf(own, cluster) ? cluster : own;
          case RuleClusters.Weighted(String weighted, long _, Optional<String> _) -> weighted;
        })
        .orElse(own);
  }

  /** Envoy Gateway's cluster of its rule, from which these clusters are made; the rule's name for its backends' clusters. */
  public String originalCluster() {
    return rule.map(clusters -> switch (clusters) {
          case RuleClusters.OneCluster(String cluster) -> cluster;
          case RuleClusters.Weighted(String weighted, long _, Optional<String> merged) ->
            merged.filter(_ -> pools.isEmpty()).orElse(weighted);
        })
        .orElse(name);
  }

  private static long invalidWeight(Route route) {
    return route.getRoute().getWeightedClusters().getClustersList().stream()
        .filter(cluster -> cluster.getName().equals(INVALID_BACKENDS))
        .map(ClusterWeight::getWeight)
        .mapToLong(weight -> Integer.toUnsignedLong(weight.getValue()))
        .sum();
  }

  /** The largest number of copies that the route may have on its own path, itself included. */
  public int copies() {
    return PausingFilters.mayBeAmong(gates.filters()) ? COPIES_APART : COPIES;
  }
}
