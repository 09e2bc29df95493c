package dev.pointsman.model;

import java.util.List;

/** A parsed object, or the reasons why it is invalid. */
public sealed interface Parsed<T> {
  /** A valid object, with remarks that do not prevent its use. */
  record Valid<T>(T value, List<Diagnostic> remarks) implements Parsed<T> {
    public Valid {
      remarks = List.copyOf(remarks);
    }
  }

  /** An invalid object, with at least one problem. */
  record Invalid<T>(List<Diagnostic> problems) implements Parsed<T> {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("an invalid object needs a problem");
      }
    }
  }
}
