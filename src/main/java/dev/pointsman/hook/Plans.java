package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import dev.pointsman.hook.Memo.KnownRoute;
import dev.pointsman.hook.Memo.Picker;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.plan.PolicyPlan.Mirror;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.Unusable;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Single;
import dev.pointsman.plan.RulePlan.Split;
import dev.pointsman.plan.RulePlanner;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.RouteFacts.Rule;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The plans of all rules of a translation that name pools or have policies. A rule has many routes and one plan. */
final class Plans {
  private final Map<String, List<BackendWeight>> weights;
  private final Function<String, @Nullable List<BackendWeight>> carried;
  private final RulePlanner planner;
  private final RequestMirrors requestMirrors;
  private final Map<Rule, Ruled> rules = new HashMap<>();
  private final Map<RouteTable.Host, List<Optional<Planned>>> planned = new IdentityHashMap<>();
  private final Map<String, Target> targets = new HashMap<>();
  private final Set<Picker> pickers = new HashSet<>();
  private final SortedMap<String, ByteString> mirrors = new TreeMap<>();
  private final SortedMap<String, Listener> mirrorListeners = new TreeMap<>();

  private record Ruled(List<PoolBackend> pools, RulePlan plan) {}

  /**
   * What becomes of a route.
   *
   * @param rule the plan of its rule; empty when it names no pool or has no action that could go to one
   * @param policy what policies ask of the rule
   */
  record Planned(Optional<RulePlan> rule, PolicyPlan policy) {
    /** All shares of the rule and of the models that policies put in front of it. */
    List<Share> shares() {
      return Plans.shares(rule, policy);
    }
  }

  /**
   * A cluster to make.
   *
   * @param original the cluster of Envoy Gateway's that it is made from when it does not exist yet
   * @param outliers when pods are set aside, where BackendTrafficPolicy does not say it
   */
  record Target(String original, PoolBackend backend, Optional<OutlierDetection> outliers) {}

  private Plans(Weights weights, ClusterSnapshot snapshot, RequestMirrors requestMirrors) {
    this.weights = weights.told();
    carried = weights.carried();
    planner =
        new RulePlanner(this.weights, route -> snapshot.route(route.namespace(), route.name()));
    this.requestMirrors = requestMirrors;
  }

  /**
   * Where the weights of rules are found.
   *
   * @param told by the Endpoints hook, by cluster; completed with what was asked for
   * @param carried what the cluster of that name carries itself, if it does
   */
  record Weights(
      Map<String, List<BackendWeight>> told,
      Function<String, @Nullable List<BackendWeight>> carried) {}

  static Plans of(
      List<RouteTable> tables,
      Policies policies,
      Weights weights,
      ClusterSnapshot snapshot,
      RequestMirrors requestMirrors,
      Diagnostics diagnostics) {
    Plans plans = new Plans(weights, snapshot, requestMirrors);
    for (RouteTable table : tables) {
      for (RouteTable.Host host : table.hosts()) {
        List<Optional<Planned>> planned = new ArrayList<>(host.routes().size());
        for (RouteTable.Entry entry : host.routes()) {
          planned.add(entry.known().map(route -> {
            PolicyPlan policy = policies.of(route.facts(), host);
            return new Planned(plans.add(route, policy, table, diagnostics), policy);
          }));
        }
        plans.planned.put(host, planned);
      }
    }
    return plans;
  }

  private Optional<RulePlan> add(
      KnownRoute route, PolicyPlan policy, RouteTable table, Diagnostics diagnostics) {
    RouteFacts facts = route.facts();
    facts.pools().forEach(pool -> diagnostics.addAll(pool.diagnostics()));
    if (!facts.pools().isEmpty() && facts.rule().isEmpty()) {
      diagnostics.add(refused(facts));
    }
    Optional<RulePlan> rule = plan(route);
    rule.ifPresent(plan -> {
      diagnostics.addAll(plan.diagnostics());
      plan.shares().forEach(share -> add(share, original(plan, share), policy));
    });
    for (PolicyPlan.Model model : policy.models()) {
      model
          .plan()
          .ifPresent(plan ->
              plan.shares().forEach(share -> add(share, original(plan, share), policy)));
    }
    policy.mirrors().forEach(mirror -> add(mirror, table.name()));
    return rule;
  }

  private static Diagnostic refused(RouteFacts facts) {
    return new Diagnostic(
        Reason.RuleRefused,
        facts.owner(),
        "",
        "has a rule that does not go to its InferencePools: Envoy Gateway answers it by itself, as it does where a"
            + " RequestMirror filter names a pool (an InferencePolicy's mirrors may)");
  }

  private void add(Share share, String original, PolicyPlan policy) {
    if (!(share.pool() instanceof Unusable)) {
      targets.put(share.cluster(), new Target(original, share.pool(), policy.outliers()));
      addPicker(share.pool(), policy.picker());
    }
  }

  private void addPicker(PoolBackend backend, PickerSettings settings) {
    if (backend instanceof Usable pool && pool.picker().isPresent()) {
      pickers.add(new Picker(pool.picker().get().service(), settings.connection()));
    }
  }

  private void add(Mirror mirror, String table) {
    if (mirror.backend() instanceof Unusable) {
      return;
    }
    mirrors.computeIfAbsent(
        RequestMirrors.cluster(mirror.backend()),
        _ -> requestMirrors.pods(mirror.backend()).toByteString());
    if (RequestMirrors.asksPicker(mirror)) {
      Listener loop = RequestMirrors.loopListener(mirror, table);
      mirrorListeners.put(loop.getName(), loop);
      mirrors.put(loop.getName(), RequestMirrors.loopCluster(mirror, table).toByteString());
      addPicker(mirror.backend(), mirror.picker().orElse(PickerSettings.DEFAULT));
    }
  }

  /** The clusters of the rules that name pools. */
  static Set<String> clusters(List<RouteTable> tables) {
    Set<String> clusters = new HashSet<>();
    for (RouteTable table : tables) {
      for (RouteTable.Host host : table.hosts()) {
        for (RouteTable.Entry entry : host.routes()) {
          if (entry.known().isPresent()) {
            RouteFacts facts = entry.known().get().facts();
            if (!facts.pools().isEmpty()
                && facts.rule().orElse(null) instanceof Rule.OneCluster(String cluster)) {
              clusters.add(cluster);
            }
          }
        }
      }
    }
    return clusters;
  }

  /** What becomes of a host's routes, in their order; empty for those that do not concern us. */
  List<Optional<Planned>> of(RouteTable.Host host) {
    return planned.getOrDefault(host, List.of());
  }

  /** The clusters of all shares that can serve, by name. */
  Map<String, Target> targets() {
    return targets;
  }

  /** The pickers that are asked. */
  Set<Picker> pickers() {
    return pickers;
  }

  /** The clusters that mirrored requests go to, by name. */
  SortedMap<String, ByteString> mirrors() {
    return mirrors;
  }

  /** The listeners where mirrored requests meet their pool's picker, by name. */
  SortedMap<String, Listener> mirrorListeners() {
    return mirrorListeners;
  }

  /** All shares of the rule and of the models that policies put in front of it. */
  static List<Share> shares(Optional<RulePlan> plan, PolicyPlan policy) {
    List<Share> shares = new ArrayList<>();
    plan.ifPresent(own -> shares.addAll(own.shares()));
    policy
        .models()
        .forEach(model -> model.plan().ifPresent(models -> shares.addAll(models.shares())));
    return shares;
  }

  private Optional<RulePlan> plan(KnownRoute route) {
    RouteFacts facts = route.facts();
    if (facts.pools().isEmpty() || facts.rule().isEmpty()) {
      return Optional.empty();
    }
    Rule rule = facts.rule().get();
    if (rule instanceof Rule.OneCluster(String cluster)
        && weights.computeIfAbsent(cluster, carried) instanceof List<BackendWeight> told) {
      return Optional.of(route.plan(told, () -> plan(rule, facts)));
    }
    Ruled known = rules.get(rule);
    if (known == null || !known.pools().equals(facts.pools())) {
      known = new Ruled(facts.pools(), plan(rule, facts));
      rules.put(rule, known);
    }
    return Optional.of(known.plan());
  }

  private RulePlan plan(Rule rule, RouteFacts facts) {
    return switch (rule) {
      case Rule.OneCluster(String cluster) -> planner.plan(facts.owner(), cluster, facts.pools());
      case Rule.Weighted(String name, long invalid) ->
        planner.planLeftOut(facts.owner(), name, facts.pools(), invalid);
    };
  }

  private static String original(RulePlan plan, Share share) {
    return switch (plan) {
      case Single _ -> share.cluster();
      case Split split -> split.original();
    };
  }
}
