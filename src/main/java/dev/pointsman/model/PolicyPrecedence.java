package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The policies on one target. The oldest has effect; of the same age, the first by name. The others have no effect
 * there.
 *
 * @param attached the effective policy first
 */
public record PolicyPrecedence(List<InferencePolicy> attached) {
  /** The oldest policy first; of one age, the first by name. */
  public static final Comparator<InferencePolicy> AGE = Comparator.comparing(
          InferencePolicy::created)
      .thenComparing(InferencePolicy::namespace)
      .thenComparing(InferencePolicy::name);

  /** A target of policies in its namespace. */
  public record TargetKey(String namespace, Target target) {}

  public PolicyPrecedence {
    attached = attached.stream().sorted(AGE).toList();
  }

  /** The policies that have a matching target. */
  public static PolicyPrecedence of(
      Collection<InferencePolicy> policies, Predicate<Target> target) {
    return new PolicyPrecedence(policies.stream()
        .filter(policy -> policy.targets().stream().anyMatch(target))
        .toList());
  }

  /** The policies on each target. */
  public static Map<TargetKey, PolicyPrecedence> byTarget(Collection<InferencePolicy> policies) {
    Map<TargetKey, List<InferencePolicy>> attached = new HashMap<>();
    for (InferencePolicy policy : policies) {
      policy
          .targets()
          .forEach(target -> attached
              .computeIfAbsent(new TargetKey(policy.namespace(), target), _ -> new ArrayList<>())
              .add(policy));
    }
    Map<TargetKey, PolicyPrecedence> byTarget = new HashMap<>();
    attached.forEach((target, on) -> byTarget.put(target, new PolicyPrecedence(on)));
    return byTarget;
  }

  /** The effective policy. */
  public Optional<InferencePolicy> winner() {
    return attached.stream().findFirst();
  }

  /** Diagnostics for the other policies. */
  public List<Diagnostic> conflicts() {
    return attached.stream().map(this::conflict).flatMap(Optional::stream).toList();
  }

  /** The diagnostic for one of the policies; empty for the effective one. */
  public Optional<Diagnostic> conflict(InferencePolicy policy) {
    ObjectRef effective = attached.getFirst().ref();
    return policy.ref().equals(effective)
        ? Optional.empty()
        : Optional.of(new Diagnostic(
            Reason.Conflicted,
            policy.ref(),
            "spec.targetRefs",
            "has no effect where " + effective
                + " is attached too: the older one counts, and of one age the first by name; merge both into"
                + " one policy"));
  }
}
