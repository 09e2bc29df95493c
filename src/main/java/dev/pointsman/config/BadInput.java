package dev.pointsman.config;

import java.util.List;

/** Options or files that the user gave cannot be used: one line a problem, each naming what to change. */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  /** At least one problem. */
  public BadInput(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One problem. */
  public BadInput(String problem) {
    this(List.of(problem));
  }

  /** The problems, in the order in which to read them. */
  public List<String> problems() {
    return problems;
  }
}
