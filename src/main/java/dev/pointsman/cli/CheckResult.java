package dev.pointsman.cli;

/**
 * The result of one check.
 *
 * @param text the fact; for all but {@link Outcome#OK} with the remedy
 */
record CheckResult(Outcome outcome, String text) {
  /** The outcomes; only {@link #FAILED} is a failure of the installation. */
  enum Outcome {
    OK,
    WARN,
    FAILED
  }

  static CheckResult ok(String text) {
    return new CheckResult(Outcome.OK, text);
  }

  static CheckResult warn(String text) {
    return new CheckResult(Outcome.WARN, text);
  }

  static CheckResult failed(String text) {
    return new CheckResult(Outcome.FAILED, text);
  }

  @Override
  public String toString() {
    return "%-7s %s".formatted(outcome, text);
  }
}
