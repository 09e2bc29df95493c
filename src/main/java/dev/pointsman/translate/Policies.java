package dev.pointsman.translate;

import com.google.protobuf.Struct;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.ClusterReads.Adapters;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PolicyPlanner;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.Structs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The InferencePolicies of a translation's routes: those on their Gateway, and those on the HTTPRoute, which the
 * routes' records carry. Of several policies on one target the oldest has effect, and the others get a diagnostic.
 */
final class Policies {
  private final GatewayPolicies onGateways;
  private final Map<String, Parsed<InferencePolicy>> onRoutes = new HashMap<>();
  private final Map<String, Struct> sent;
  private final ClusterReads reads;
  private final PolicyPlanner planner;
  private final Diagnostics diagnostics;
  private final Map<Attached, List<InferencePolicy>> winners = new HashMap<>();
  private final Map<PolicyKey, PolicyPlan> plans = new HashMap<>();
  private final Map<BaseModelPlan, PolicyPlan> baseModelPlans = new HashMap<>();

  private record Attached(ObjectRef route, List<String> policies) {}

  private record BaseModelPlan(PolicyPlan plan, String namespace, String baseModel) {}

  private record PolicyKey(
      String rule, String original, List<PoolBackend> pools, List<InferencePolicy> policies) {}

  /**
   * The policies of a translation.
   *
   * @param tables the routes, some of which carry the policies of all
   * @param sent policies that the Route hook has sent on this connection, by id. They replace a policy whose carrier
   *     belonged to a translation that Envoy Gateway abandoned.
   */
  Policies(
      GatewayPolicies onGateways,
      List<RouteTable> tables,
      Map<String, Struct> sent,
      ClusterReads reads,
      Diagnostics diagnostics) {
    this.onGateways = onGateways;
    this.sent = sent;
    this.reads = reads;
    this.diagnostics = diagnostics;
    planner = new PolicyPlanner(reads, diagnostics::add);
    RouteTable.relevantHosts(tables)
        .flatMap(host -> host.groups().stream())
        .forEach(group -> onRoutes.putAll(group.summary().policies()));
  }

  /** Whether a policy is on the host's Gateway or listener. */
  boolean anyOn(ShallowVirtualHost host) {
    return onGateways.anyOn(host);
  }

  /** The number of places where requests to the host's routes without a model condition may name their model. */
  int placesOfModels(ShallowVirtualHost host) {
    return onGateways.models(host).sourcesBesideRoutes().size();
  }

  /** The settings of policies for the route's rule. */
  PolicyPlan of(RouteFacts facts, ShallowVirtualHost host) {
    List<InferencePolicy> policies = new ArrayList<>(onRoute(facts));
    policies.addAll(onGateways.on(host));
    PolicyPlan plan = PolicyPlan.NONE;
    if (!policies.isEmpty()) {
      PolicyKey key =
          new PolicyKey(facts.ruleName(), facts.originalCluster(), facts.pools(), policies);
      plan = plans.computeIfAbsent(
          key, _ -> planner.plan(key.rule(), key.original(), key.pools(), policies));
    }
    if (facts.baseModel().isPresent()) {
      BaseModelPlan key =
          new BaseModelPlan(plan, facts.owner().namespace(), facts.baseModel().get());
      return baseModelPlans.computeIfAbsent(key, this::withAdapters);
    }
    return plan;
  }

  /** The policies on its rule and on its HTTPRoute, the more specific first. */
  private List<InferencePolicy> onRoute(RouteFacts facts) {
    return facts.policies().isEmpty()
        ? List.of()
        : winners.computeIfAbsent(new Attached(facts.owner(), facts.policies()), this::winners);
  }

  private List<InferencePolicy> winners(Attached attached) {
    List<InferencePolicy> valid = attached.policies().stream()
        .map(id -> policy(id, attached.route()))
        .flatMap(Optional::stream)
        .toList();
    Predicate<Target> route = target -> target.kind().equals("HTTPRoute")
        && target.name().equals(attached.route().name());
    List<InferencePolicy> winners = new ArrayList<>();
    diagnostics
        .winner(valid, route.and(target -> !target.sectionName().isEmpty()))
        .ifPresent(winners::add);
    diagnostics
        .winner(valid, route.and(target -> target.sectionName().isEmpty()))
        .ifPresent(winners::add);
    return winners;
  }

  private Optional<InferencePolicy> policy(String id, ObjectRef route) {
    Parsed<InferencePolicy> policy = onRoutes.computeIfAbsent(
        id,
        _ -> sent.containsKey(id)
            ? PolicyParser.parse(Structs.json(sent.get(id)))
            : new Parsed.Invalid<>(List.of(new Diagnostic(
                Reason.Unreadable,
                route,
                "",
                "has an InferencePolicy that did not arrive, because the connection to Envoy Gateway"
                    + " broke twice: it has no effect until something of the Gateway changes"))));
    return diagnostics.valid(policy);
  }

  private PolicyPlan withAdapters(BaseModelPlan key) {
    return key.plan().withBaseModel(reads.of(new Adapters(key.namespace(), key.baseModel())));
  }
}
