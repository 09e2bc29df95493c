package dev.pointsman.status;

import static dev.pointsman.status.PoolStatuses.message;

import dev.pointsman.model.ClassPolicies;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.PolicyPrecedence;
import dev.pointsman.plan.WrittenRules;
import dev.pointsman.status.ObjectStatus.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The statuses of InferencePolicies: an entry for each Gateway of a target. */
final class PolicyStatuses {
  private final String classPolicies;
  private final Gateways gateways;
  private final Map<ObjectName, AttachedRoute> routes;
  private final List<Read> policies;
  private final List<InferencePolicy> valid;
  private final Map<PolicyPrecedence.TargetKey, PolicyPrecedence> precedence;
  private final WrittenRules rules;

  private final SortedSet<Diagnostic> missingTargets = new TreeSet<>();

  private record Read(Meta meta, Parsed<InferencePolicy> parsed, List<Target> targets) {
    ObjectRef ref() {
      return new ObjectRef(InferencePolicy.KIND, meta.namespace(), meta.name());
    }
  }

  /**
   * The effect for a target.
   *
   * @param refusal the reason why the policy has no effect there
   */
  private record Effect(Optional<Condition> refusal) {
    static final Effect IN_EFFECT = new Effect(Optional.empty());

    static Effect refused(String reason, String message) {
      return new Effect(Optional.of(Condition.notAccepted(reason, message)));
    }
  }

  PolicyStatuses(StatusInputs inputs, Gateways gateways, Map<ObjectName, AttachedRoute> routes) {
    this.classPolicies = inputs.classPolicies();
    this.gateways = gateways;
    this.routes = routes;
    policies = inputs.policies().stream()
        .filter(PolicyParser::isPolicy)
        .map(PolicyStatuses::read)
        .toList();
    valid = policies.stream()
        .map(Read::parsed)
        .filter(Parsed.Valid.class::isInstance)
        .map(parsed -> ((Parsed.Valid<InferencePolicy>) parsed).value())
        .toList();
    precedence = PolicyPrecedence.byTarget(valid);
    rules = new WrittenRules(inputs.snapshot(), precedence);
  }

  private static Read read(JsonNode object) {
    Parsed<InferencePolicy> parsed = PolicyParser.parse(object);
    return new Read(
        Meta.of(object),
        parsed,
        switch (parsed) {
          case Parsed.Valid<InferencePolicy>(InferencePolicy policy, List<Diagnostic> _) ->
            policy.targets();
          case Parsed.Invalid<InferencePolicy> _ -> PolicyParser.targets(object);
        });
  }

  /** The effect for a target that does not exist: no translation has this diagnostic, since it does not have the policy. */
  private Effect notFound(Read policy, Object what) {
    Diagnostic missing = new Diagnostic(
        Reason.TargetNotFound,
        policy.ref(),
        "spec.targetRefs",
        "names " + what + ", which does not exist");
    if (!policy.meta().name().equals(TranslationRequest.TRIGGER)) {
      missingTargets.add(missing);
    }
    return Effect.refused(missing.reason().name(), message(List.of(missing)));
  }

  /** The targets that do not exist, after {@link #all()}. */
  Collection<Diagnostic> missingTargets() {
    return missingTargets;
  }

  /** Adds each policy with each target that it is effective on. */
  void addTo(PoolUses uses) {
    for (InferencePolicy policy : valid) {
      policy.targets().stream()
          .filter(target -> conflict(policy, target).isEmpty())
          .forEach(target -> uses.add(policy, target, routes));
    }
  }

  List<ObjectStatus> all() {
    return policies.stream().map(this::of).toList();
  }

  private ObjectStatus of(Read policy) {
    SortedMap<ParentRef, List<Effect>> effects = new TreeMap<>();
    for (Target target : policy.targets()) {
      locate(policy, target)
          .forEach((ref, effect) ->
              effects.computeIfAbsent(ref, _ -> new ArrayList<>()).add(effect));
    }
    List<Entry> entries = new ArrayList<>();
    effects.forEach((ref, met) -> entries.add(new Entry(ref, conditions(policy, met))));
    return new ObjectStatus(
        new ObjectStatus.Key(
            StatusKind.POLICY, policy.meta().namespace(), policy.meta().name()),
        policy.meta().generation(),
        entries);
  }

  private SortedMap<ParentRef, Effect> locate(Read policy, Target target) {
    return switch (target.kind()) {
      case "Gateway" -> atGateway(policy, target);
      case "GatewayClass" -> atClass(policy, target);
      default -> atRoute(policy, target);
    };
  }

  private SortedMap<ParentRef, Effect> atGateway(Read policy, Target target) {
    ParentRef gateway = ParentRef.gateway(policy.meta().namespace(), target.name());
    SortedMap<ParentRef, Effect> found = new TreeMap<>();
    if (!gateways.mayExist(gateway)) {
      found.put(gateway, notFound(policy, gateway));
    } else if (gateways.isEnvoyGateways(gateway)) {
      boolean there =
          target.sectionName().isEmpty() || gateways.mayHaveListener(gateway, target.sectionName());
      found.put(
          gateway,
          there
              ? effect(policy, target)
              : notFound(policy, "listener " + target.sectionName() + " of " + gateway));
    }
    return found;
  }

  /** Envoy Gateway's own entry says whether it merges the Gateways of the class. */
  private SortedMap<ParentRef, Effect> atClass(Read policy, Target target) {
    SortedMap<ParentRef, Effect> found = new TreeMap<>();
    Diagnostic refused = ClassPolicies.refused(policy.ref(), classPolicies);
    found.put(
        ParentRef.gatewayClass(target.name()),
        policy.meta().namespace().equals(classPolicies)
            ? effect(policy, target)
            : Effect.refused(refused.reason().name(), message(List.of(refused))));
    return found;
  }

  private SortedMap<ParentRef, Effect> atRoute(Read policy, Target target) {
    AttachedRoute route = routes.get(new ObjectName(policy.meta().namespace(), target.name()));
    SortedMap<ParentRef, Effect> found = new TreeMap<>();
    if (route == null) {
      ParentRef missing = new ParentRef(
          ParentRef.GATEWAY_API, "HTTPRoute", policy.meta().namespace(), target.name());
      found.put(missing, notFound(policy, missing));
    } else {
      boolean there = target.sectionName().isEmpty() || route.hasRule(target.sectionName());
      Effect effect = there
          ? effect(policy, target)
          : notFound(policy, "rule " + target.sectionName() + " of " + route);
      route.gateways().keySet().forEach(gateway -> found.put(gateway, effect));
    }
    return found;
  }

  private Effect effect(Read policy, Target target) {
    return switch (policy.parsed()) {
      case Parsed.Invalid<InferencePolicy>(List<Diagnostic> problems) ->
        Effect.refused(
            problems.stream().allMatch(PolicyConditions::isTooLarge)
                ? Reason.TooLarge.name()
                : "Invalid",
            message(problems));
      case Parsed.Valid<InferencePolicy>(InferencePolicy value, List<Diagnostic> _) ->
        conflict(value, target)
            .map(conflict -> Effect.refused(conflict.reason().name(), message(List.of(conflict))))
            .orElse(Effect.IN_EFFECT);
    };
  }

  private Optional<Diagnostic> conflict(InferencePolicy policy, Target target) {
    return Objects.requireNonNull(
            precedence.get(new PolicyPrecedence.TargetKey(policy.namespace(), target)))
        .conflict(policy);
  }

  private List<Condition> conditions(Read policy, List<Effect> effects) {
    List<Condition> refusals =
        effects.stream().map(Effect::refusal).flatMap(Optional::stream).toList();
    boolean inEffect = refusals.size() < effects.size();
    return switch (policy.parsed()) {
      case Parsed.Valid<InferencePolicy>(InferencePolicy value, List<Diagnostic> remarks)
      when inEffect -> PolicyConditions.attached(rules.diagnostics(value), remarks, refusals);
      default -> List.of(PolicyConditions.refusal(refusals));
    };
  }
}
