package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of translations that were made again in the background. */
public final class SelfCheckMetrics {
  private final LabelledMeters<SelfCheckResult, Counter> checks;

  /** The result of a check. */
  public enum SelfCheckResult {
    /** The answers were the same. */
    EQUAL,
    /** The answers differ: a fault of Pointsman. */
    DIFFERENT,
    /** The translation could not be made again: a fault of Pointsman. */
    FAILED
  }

  SelfCheckMetrics(MeterRegistry registry) {
    checks = LabelledMeters.counters(
        registry,
        "pointsman.self.checks",
        "Translations that were made again in the background and compared.",
        "result",
        SelfCheckResult.class);
  }

  /** Counts a check. */
  public void checked(SelfCheckResult result) {
    checks.of(result).increment();
  }
}
