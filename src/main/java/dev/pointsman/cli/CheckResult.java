package dev.pointsman.cli;

/**
 * The result of one check.
 *
 * @param text the fact; for all but {@link Verdict#OK} with the remedy
 */
record CheckResult(Verdict verdict, String text) {
  /** The verdicts; only {@link #FAILED} is a failure of the installation. */
  enum Verdict {
    OK,
    INFO,
    WARN,
    FAILED
  }

  static CheckResult ok(String text) {
    return new CheckResult(Verdict.OK, text);
  }

  static CheckResult info(String text) {
    return new CheckResult(Verdict.INFO, text);
  }

  static CheckResult warn(String text) {
    return new CheckResult(Verdict.WARN, text);
  }

  static CheckResult failed(String text) {
    return new CheckResult(Verdict.FAILED, text);
  }

  @Override
  public String toString() {
    return "%-7s %s".formatted(verdict, text);
  }
}
