package dev.pointsman.model;

import java.util.List;

/** An object that was read, or why it could not be. */
public sealed interface Parsed<T> {
  /** The object, with remarks that do not prevent its use. */
  record Valid<T>(T value, List<Diagnostic> remarks) implements Parsed<T> {
    public Valid {
      remarks = List.copyOf(remarks);
    }
  }

  /** At least one reason why there is no object. */
  record Invalid<T>(List<Diagnostic> problems) implements Parsed<T> {
    public Invalid {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("an invalid object needs a problem");
      }
    }
  }
}
