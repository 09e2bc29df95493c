package dev.pointsman.status;

import static dev.pointsman.status.PoolStatuses.message;

import dev.pointsman.model.ClassPolicies;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.PolicyPrecedence;
import dev.pointsman.plan.PolicyPlanner;
import dev.pointsman.status.ObjectStatus.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The statuses of InferencePolicies: an entry for each Gateway of a target. */
final class PolicyStatuses {
  /** The reason of a condition if a bound cuts off a part of the policy or all of it. */
  private static final String TOO_LARGE = Reason.TooLarge.name();

  private final ClusterSnapshot snapshot;
  private final String classPolicies;
  private final Gateways gateways;
  private final Map<ObjectName, AttachedRoute> routes;
  private final List<Read> policies;
  private final List<InferencePolicy> valid;
  private final Map<PolicyPrecedence.TargetKey, PolicyPrecedence> precedence;

  private record Read(Meta meta, Parsed<InferencePolicy> parsed, List<Target> targets) {}

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

    static Effect notFound(String what) {
      return refused(
          Reason.TargetNotFound.name(),
          PoolStatuses.coded(
              Reason.TargetNotFound, "spec.targetRefs names " + what + ", which does not exist"));
    }
  }

  PolicyStatuses(StatusInputs inputs, Gateways gateways, Map<ObjectName, AttachedRoute> routes) {
    this.snapshot = inputs.snapshot();
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
      found.put(gateway, Effect.notFound(gateway.toString()));
    } else if (gateways.isEnvoyGateways(gateway)) {
      boolean there =
          target.sectionName().isEmpty() || gateways.mayHaveListener(gateway, target.sectionName());
      found.put(
          gateway,
          there
              ? effect(policy, target)
              : Effect.notFound("listener " + target.sectionName() + " of " + gateway));
    }
    return found;
  }

  /** Envoy Gateway's own entry says whether it merges the Gateways of the class. */
  private SortedMap<ParentRef, Effect> atClass(Read policy, Target target) {
    SortedMap<ParentRef, Effect> found = new TreeMap<>();
    Diagnostic refused = ClassPolicies.refused(
        new ObjectRef(
            InferencePolicy.KIND, policy.meta().namespace(), policy.meta().name()),
        classPolicies);
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
      found.put(missing, Effect.notFound(missing.toString()));
    } else {
      boolean there = target.sectionName().isEmpty() || route.hasRule(target.sectionName());
      Effect effect = there
          ? effect(policy, target)
          : Effect.notFound("rule " + target.sectionName() + " of " + route);
      route.gateways().keySet().forEach(gateway -> found.put(gateway, effect));
    }
    return found;
  }

  private Effect effect(Read policy, Target target) {
    return switch (policy.parsed()) {
      case Parsed.Invalid<InferencePolicy>(List<Diagnostic> problems) ->
        Effect.refused(
            problems.stream().allMatch(PolicyStatuses::isTooLarge) ? TOO_LARGE : "Invalid",
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
      when inEffect -> attached(value, remarks, refusals);
      default -> List.of(refusal(refusals));
    };
  }

  private List<Condition> attached(
      InferencePolicy policy, List<Diagnostic> remarks, List<Condition> refusals) {
    Condition resolved = resolvedRefs(policy);
    String reason = remarks.stream().anyMatch(PolicyStatuses::isTooLarge) ? TOO_LARGE : "Accepted";
    return List.of(
        Condition.accepted(reason, accepted(resolved.holds(), remarks, refusals)), resolved);
  }

  private static boolean isTooLarge(Diagnostic diagnostic) {
    return diagnostic.reason() == Reason.TooLarge;
  }

  private static String accepted(
      boolean resolved, List<Diagnostic> remarks, List<Condition> refusals) {
    return Stream.of(
            Stream.of(
                resolved
                    ? "the policy has effect"
                    : "the policy has effect, except where a reference is not resolved"),
            refusals.stream().map(Condition::message).distinct(),
            remarks.isEmpty() ? Stream.<String>empty() : Stream.of(message(remarks)))
        .flatMap(parts -> parts)
        .collect(Collectors.joining("; "));
  }

  private static Condition refusal(List<Condition> refusals) {
    return Condition.notAccepted(
        refusals.getFirst().reason(),
        refusals.stream().map(Condition::message).distinct().collect(Collectors.joining("; ")));
  }

  private Condition resolvedRefs(InferencePolicy policy) {
    Collection<Diagnostic> problems = new TreeSet<>();
    var _ = new PolicyPlanner(snapshot, problems::add).plan("", List.of(), List.of(policy));
    return problems.isEmpty()
        ? Condition.resolved("all references of the policy exist")
        : Condition.unresolved(problems.iterator().next().reason().name(), message(problems));
  }
}
