package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import dev.pointsman.hook.Memo.Picker;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.EndpointPicker;
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
import dev.pointsman.xds.XdsNames;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The plans of all rules of a translation that name pools or have policies. A rule has many routes and one plan. */
final class Plans {
  private final RulePlanner planner;
  private final RequestMirrors requestMirrors;
  private final Map<Key, RulePlan> plans = new HashMap<>();
  private final SortedMap<String, Target> targets = new TreeMap<>();
  private final SortedMap<String, Picker> pickers = new TreeMap<>();
  private final SortedMap<String, ByteString> mirrors = new TreeMap<>();
  private final SortedMap<String, Listener> mirrorListeners = new TreeMap<>();

  private record Key(Rule rule, List<PoolBackend> pools) {}

  /**
   * A cluster to make.
   *
   * @param original the cluster of Envoy Gateway's that it is made from when it does not exist yet
   * @param outliers when pods are set aside, where BackendTrafficPolicy does not say it
   */
  record Target(String original, PoolBackend backend, Optional<OutlierDetection> outliers) {}

  private Plans(
      Map<String, List<BackendWeight>> weights, ClusterSnapshot snapshot, XdsSettings settings) {
    planner = new RulePlanner(weights, route -> snapshot.route(route.namespace(), route.name()));
    requestMirrors = new RequestMirrors(settings);
  }

  static Plans of(
      List<RouteTable> tables,
      Policies policies,
      Map<String, List<BackendWeight>> weights,
      ClusterSnapshot snapshot,
      XdsSettings settings,
      Diagnostics diagnostics) {
    Plans plans = new Plans(weights, snapshot, settings);
    for (RouteTable table : tables) {
      for (RouteTable.Host host : table.hosts()) {
        for (RouteTable.Entry entry : host.routes()) {
          entry
              .facts()
              .ifPresent(facts -> plans.add(facts, policies.of(facts, host), table, diagnostics));
        }
      }
    }
    return plans;
  }

  private void add(RouteFacts facts, PolicyPlan policy, RouteTable table, Diagnostics diagnostics) {
    facts.pools().forEach(pool -> diagnostics.addAll(pool.diagnostics()));
    if (!facts.pools().isEmpty() && facts.rule().isEmpty()) {
      diagnostics.add(refused(facts));
    }
    key(facts).ifPresent(key -> {
      RulePlan plan = plans.computeIfAbsent(key, _ -> plan(key, facts));
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
      EndpointPicker picker = pool.picker().get();
      pickers.put(
          XdsNames.picker(picker.service(), settings.connection()),
          new Picker(picker.service(), settings.connection()));
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
    return tables.stream()
        .flatMap(table -> table.hosts().stream())
        .flatMap(host -> host.routes().stream())
        .flatMap(entry -> entry.facts().stream())
        .filter(facts -> !facts.pools().isEmpty())
        .flatMap(facts -> facts.rule().stream())
        .filter(Rule.OneCluster.class::isInstance)
        .map(rule -> ((Rule.OneCluster) rule).cluster())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The plan of the route's rule; empty when it names no pool or has no action that could go to one. */
  Optional<RulePlan> of(RouteFacts facts) {
    return key(facts).map(plans::get);
  }

  /** The clusters of all shares that can serve, by name. */
  SortedMap<String, Target> targets() {
    return targets;
  }

  /** The pickers that are asked, each once, in the order of their clusters' names. */
  Collection<Picker> pickers() {
    return pickers.values();
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

  private static Optional<Key> key(RouteFacts facts) {
    return facts.pools().isEmpty()
        ? Optional.empty()
        : facts.rule().map(rule -> new Key(rule, facts.pools()));
  }

  private RulePlan plan(Key key, RouteFacts facts) {
    return switch (key.rule()) {
      case Rule.OneCluster(String cluster) -> planner.plan(facts.owner(), cluster, key.pools());
      case Rule.Weighted(String rule, long invalid) ->
        planner.planLeftOut(facts.owner(), rule, key.pools(), invalid);
    };
  }

  private static String original(RulePlan plan, Share share) {
    return switch (plan) {
      case Single _ -> share.cluster();
      case Split split -> split.original();
    };
  }
}
