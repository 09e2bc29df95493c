package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy.Target;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
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

  /** The effective policy. */
  public Optional<InferencePolicy> winner() {
    return attached.stream().findFirst();
  }

  /** Diagnostics for the other policies. */
  public List<Diagnostic> conflicts() {
    return attached.stream()
        .skip(1)
        .map(loser -> new Diagnostic(
            Reason.Conflicted,
            loser.ref(),
            "spec.targetRefs",
            "has no effect where " + attached.getFirst().ref()
                + " is attached too: the older one counts, and of one age the first by name; merge both into"
                + " one policy"))
        .toList();
  }
}
