package dev.pointsman.hook;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Collects what there is to say during one translation, each thing once. */
final class Diagnostics {
  private final TreeSet<Diagnostic> said = new TreeSet<>();

  void add(Diagnostic diagnostic) {
    said.add(diagnostic);
  }

  void addAll(Collection<Diagnostic> diagnostics) {
    if (!diagnostics.isEmpty()) { // as most often: not worth the set's iterators
      said.addAll(diagnostics);
    }
  }

  /** Something of Envoy Gateway's that cannot be read and passes as it came. */
  void unreadable(String kind, String name, Exception why) {
    add(new Diagnostic(
        Reason.Unreadable,
        new ObjectRef(kind, "", name),
        "",
        "passed on as it came, because it cannot be read: " + why.getMessage()));
  }

  List<Diagnostic> sorted() {
    return List.copyOf(said);
  }
}
