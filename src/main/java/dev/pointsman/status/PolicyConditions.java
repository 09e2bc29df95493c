package dev.pointsman.status;

import static dev.pointsman.status.PoolStatuses.message;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Level;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The conditions of an InferencePolicy at one Gateway. */
final class PolicyConditions {
  private PolicyConditions() {}

  /**
   * The conditions of a policy with a target where it has effect.
   *
   * @param found the planner's diagnostics: errors are references that are not resolved
   * @param read the remarks of its parser
   * @param refusals of its other targets
   */
  static List<Condition> attached(
      Collection<Diagnostic> found, List<Diagnostic> read, List<Condition> refusals) {
    Map<Boolean, List<Diagnostic>> planned = found.stream()
        .collect(Collectors.partitioningBy(one -> one.reason().level() == Level.Error));
    Condition resolved = resolvedRefs(planned.getOrDefault(true, List.of()));
    List<Diagnostic> remarks = new ArrayList<>(read);
    remarks.addAll(planned.getOrDefault(false, List.of()));
    String reason = remarks.stream().anyMatch(PolicyConditions::isTooLarge)
        ? Reason.TooLarge.name()
        : "Accepted";
    return List.of(
        Condition.accepted(reason, accepted(resolved.holds(), remarks, refusals)), resolved);
  }

  /** Whether a bound cuts off a part of the policy or all of it. */
  static boolean isTooLarge(Diagnostic diagnostic) {
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

  /** The condition of a policy that has effect nowhere. */
  static Condition refusal(List<Condition> refusals) {
    return Condition.notAccepted(
        refusals.getFirst().reason(),
        refusals.stream().map(Condition::message).distinct().collect(Collectors.joining("; ")));
  }

  private static Condition resolvedRefs(List<Diagnostic> problems) {
    return problems.isEmpty()
        ? Condition.resolved("all references of the policy exist")
        : Condition.unresolved(problems.getFirst().reason().name(), message(problems));
  }
}
