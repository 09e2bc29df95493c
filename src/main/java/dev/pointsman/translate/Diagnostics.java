package dev.pointsman.translate;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyPrecedence;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Collects the distinct diagnostics of one translation. */
final class Diagnostics {
  private final TreeSet<Diagnostic> diagnostics = new TreeSet<>();

  void add(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
  }

  void addAll(Collection<Diagnostic> more) {
    if (!more.isEmpty()) { // usually empty: avoids the set's iterators
      diagnostics.addAll(more);
    }
  }

  /** Adds a diagnostic for a resource of Envoy Gateway that cannot be read and is passed through. */
  void unreadable(String kind, String name, Exception why) {
    add(new Diagnostic(
        Reason.Unreadable,
        new ObjectRef(kind, "", name),
        "",
        "passed on as it came, because it cannot be read: " + why.getMessage()));
  }

  /** The object, if it is valid; adds its diagnostics. */
  <T> Optional<T> valid(Parsed<T> parsed) {
    return switch (parsed) {
      case Parsed.Valid<T>(T value, List<Diagnostic> remarks) -> {
        addAll(remarks);
        yield Optional.of(value);
      }
      case Parsed.Invalid<T>(List<Diagnostic> problems) -> {
        addAll(problems);
        yield Optional.empty();
      }
    };
  }

  /** The policy that has effect on the targets, if there is one; adds diagnostics for the others. */
  Optional<InferencePolicy> winner(List<InferencePolicy> policies, Predicate<Target> targets) {
    PolicyPrecedence attached = PolicyPrecedence.of(policies, targets);
    addAll(attached.conflicts());
    return attached.winner();
  }

  List<Diagnostic> sorted() {
    return List.copyOf(diagnostics);
  }
}
