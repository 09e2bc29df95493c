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
import dev.pointsman.plan.PoolBackend;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What we need to know of a route of Envoy Gateway's to decide what becomes of it.
 *
 * @param owner the HTTPRoute that it comes from
 * @param condition its match, whatever model it asks for
 * @param hasModelCondition by its name or its base model's
 * @param model the model that it asks for, where it asks for exactly one
 * @param baseModel the model that it asks for together with its adapters, where it asks for exactly one
 * @param isPreflight whether it is for preflights of a model route, which have no model
 * @param rule where its rule's backends are; empty when it answers or redirects by itself
 * @param directAnswer what it answers without a backend, in words: {@code with 500}; empty when it goes to one
 * @param pools the pools that the Route hook recorded, in the order of the rule
 * @param policies the ids of the InferencePolicies that the Route hook recorded
 * @param carried the InferencePolicies that travel with this route, by id
 * @param gates what its filters are told, and its rate limits
 * @param requestsSession whether its rule asks for session persistence
 * @param remarks what there is to say to its owner
 * @param bytes that it takes without the record
 */
public record RouteFacts(
    String name,
    ObjectRef owner,
    RouteMatch condition,
    boolean hasModelCondition,
    Optional<String> model,
    Optional<String> baseModel,
    boolean isPreflight,
    Optional<Rule> rule,
    Optional<String> directAnswer,
    List<PoolBackend> pools,
    List<String> policies,
    Map<String, Parsed<InferencePolicy>> carried,
    Gates gates,
    boolean requestsSession,
    List<Diagnostic> remarks,
    int bytes) {
  /** Where Envoy Gateway sends the shares of backends that do not exist. */
  private static final String INVALID_BACKENDS = "invalid-backend-cluster";

  /** Where a rule's backends are. */
  public sealed interface Rule {
    /** All in one cluster. */
    record OneCluster(String cluster) implements Rule {}

    /**
     * In weighted clusters named {@code <rule>/backend/<j>}, pools left out.
     *
     * @param invalidWeight the weight of backends that do not exist
     */
    record Weighted(String rule, long invalidWeight) implements Rule {}
  }

  /**
   * Reads a route.
   *
   * @throws InvalidProtocolBufferException when the bytes are not a route
   * @throws IllegalArgumentException when the record of the Route hook is not ours
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

  /** Whether there may be anything for us to do. */
  public boolean isRelevant() {
    return hasModelCondition || isPreflight || !pools.isEmpty() || !policies.isEmpty();
  }

  /** The names of the filters that it switches on. */
  public Set<String> filters() {
    return gates.filters();
  }

  /** Whether it is one of ours, from an earlier pass. */
  public boolean isOurs() {
    return XdsNames.isOurs(name);
  }

  private static Optional<Rule> rule(Route route) {
    return switch (route.getRoute().getClusterSpecifierCase()) {
      case CLUSTER -> Optional.of(new Rule.OneCluster(route.getRoute().getCluster()));
      case WEIGHTED_CLUSTERS ->
        Optional.of(new Rule.Weighted(ruleName(route), invalidWeight(route)));
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
  private static String ruleName(Route route) {
    int match = route.getName().indexOf("/match/");
    return match < 0 ? route.getName() : route.getName().substring(0, match);
  }

  private static long invalidWeight(Route route) {
    return route.getRoute().getWeightedClusters().getClustersList().stream()
        .filter(cluster -> cluster.getName().equals(INVALID_BACKENDS))
        .map(ClusterWeight::getWeight)
        .mapToLong(weight -> Integer.toUnsignedLong(weight.getValue()))
        .sum();
  }
}
