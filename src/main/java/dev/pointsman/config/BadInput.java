package dev.pointsman.config;

import java.util.List;

/** The user's options or files are invalid. Each problem is one line that names the required change. */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> problems;

  /** An exception with at least one problem. */
  public BadInput(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** An exception with one problem. */
  public BadInput(String problem) {
    this(List.of(problem));
  }

  /** The problems in order. */
  public List<String> problems() {
    return problems;
  }
}
