package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import dev.pointsman.hook.Memo.Picker;
import dev.pointsman.hook.Stretch.Entry;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
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
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.Slot;
import dev.pointsman.xds.Slots;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is planned for the routes of a stretch, and everything that the plans need to be there. */
final class StretchPlan {
  private final RequestMirrors requestMirrors;
  private final List<Optional<Planned>> routes = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Map<String, Target> targets = new HashMap<>();
  private final Map<String, Picker> pickers = new HashMap<>();
  private final Map<String, ByteString> mirrors = new HashMap<>();
  private final Map<String, Listener> mirrorListeners = new HashMap<>();
  private final Latest<Set<String>, Slots> slots =
      new Latest<>(); // by clusters that set hosts aside

  /**
   * A cluster to make.
   *
   * @param original the cluster of Envoy Gateway's that it is made from when it does not exist yet
   * @param outliers when pods are set aside, where BackendTrafficPolicy does not say it
   */
  record Target(String original, PoolBackend backend, Optional<OutlierDetection> outliers) {}

  /**
   * What becomes of a route.
   *
   * @param rule the plan of its rule; empty when it names no pool or has no action that could go to one
   * @param policy what policies ask of the rule
   */
  private record Planned(Optional<RulePlan> rule, PolicyPlan policy) {
    /** The rule's plan and those of the models that policies put in front of it. */
    List<RulePlan> plans() {
      List<RulePlan> plans = new ArrayList<>();
      rule.ifPresent(plans::add);
      policy.models().forEach(model -> model.plan().ifPresent(plans::add));
      return plans;
    }

    boolean goesToAny(Set<String> clusters) {
      return plans().stream()
          .flatMap(plan -> plan.shares().stream())
          .map(Share::cluster)
          .anyMatch(clusters::contains);
    }
  }

  /** A plan for no route yet. */
  StretchPlan(RequestMirrors requestMirrors) {
    this.requestMirrors = requestMirrors;
  }

  /** Adds a route that does not concern us. */
  void addOpaque() {
    routes.add(Optional.empty());
  }

  /**
   * Adds a route.
   *
   * @param rule the plan of its rule, if it names pools
   * @param routeConfiguration its name
   */
  void add(
      RouteFacts facts, Optional<RulePlan> rule, PolicyPlan policy, String routeConfiguration) {
    Planned planned = new Planned(rule, policy);
    routes.add(Optional.of(planned));
    facts.pools().forEach(pool -> diagnostics.addAll(pool.diagnostics()));
    if (!facts.pools().isEmpty() && facts.rule().isEmpty()) {
      diagnostics.add(refused(facts));
    }
    rule.ifPresent(plan -> diagnostics.addAll(plan.diagnostics()));
    for (RulePlan plan : planned.plans()) {
      plan.shares().forEach(share -> add(share, original(plan, share), policy));
    }
    policy.mirrors().forEach(mirror -> add(mirror, routeConfiguration));
  }

  private static Diagnostic refused(RouteFacts facts) {
    return new Diagnostic(
        Reason.RuleRefused,
        facts.owner(),
        "",
        "has a rule that does not go to its InferencePools: Envoy Gateway answers it by itself, as it does where a"
            + " RequestMirror filter names a pool (an InferencePolicy's mirrors may)");
  }

  private static String original(RulePlan plan, Share share) {
    return switch (plan) {
      case Single _ -> share.cluster();
      case Split split -> split.original();
    };
  }

  private void add(Share share, String original, PolicyPlan policy) {
    if (!(share.pool() instanceof Unusable)) {
      targets.put(share.cluster(), new Target(original, share.pool(), policy.outliers()));
      addPicker(share.pool(), policy.picker());
    }
  }

  private void addPicker(PoolBackend backend, PickerSettings settings) {
    if (backend instanceof Usable pool && pool.picker().isPresent()) {
      Picker picker = new Picker(pool.picker().get().service(), settings.connection());
      pickers.put(XdsNames.picker(picker.service(), picker.connection()), picker);
    }
  }

  private void add(Mirror mirror, String routeConfiguration) {
    if (mirror.backend() instanceof Unusable) {
      return;
    }
    mirrors.computeIfAbsent(
        RequestMirrors.cluster(mirror.backend()),
        _ -> requestMirrors.pods(mirror.backend()).toByteString());
    if (RequestMirrors.asksPicker(mirror)) {
      Listener loop = RequestMirrors.loopListener(mirror, routeConfiguration);
      mirrorListeners.put(loop.getName(), loop);
      mirrors.put(
          loop.getName(), RequestMirrors.loopCluster(mirror, routeConfiguration).toByteString());
      addPicker(mirror.backend(), mirror.picker().orElse(PickerSettings.DEFAULT));
    }
  }

  /**
   * The stretch's routes with their plans.
   *
   * @param stretch the one that this is the plan of
   * @param settingHostsAside the clusters that may set hosts aside while they run; a set that does not change any more
   */
  Slots slots(Stretch stretch, Set<String> settingHostsAside) {
    return slots.of(settingHostsAside, () -> make(stretch, settingHostsAside));
  }

  private Slots make(Stretch stretch, Set<String> settingHostsAside) {
    List<Slot> made = new ArrayList<>(routes.size());
    for (Entry entry : stretch.entries()) {
      Optional<Planned> planned = routes.get(made.size());
      made.add(
          planned.isEmpty()
              ? Slot.opaque(entry.bytes())
              : new Slot(
                  entry.bytes(),
                  entry.known().map(KnownRoute::facts),
                  planned.get().rule(),
                  planned.get().policy(),
                  planned.get().goesToAny(settingHostsAside)));
    }
    return Slots.of(made);
  }

  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** The clusters of all shares that can serve, by name. */
  Map<String, Target> targets() {
    return targets;
  }

  /** The pickers that are asked, by their clusters' names. */
  Map<String, Picker> pickers() {
    return pickers;
  }

  /** The clusters that mirrored requests go to, by name. */
  Map<String, ByteString> mirrors() {
    return mirrors;
  }

  /** The listeners where mirrored requests meet their pool's picker, by name. */
  Map<String, Listener> mirrorListeners() {
    return mirrorListeners;
  }
}
