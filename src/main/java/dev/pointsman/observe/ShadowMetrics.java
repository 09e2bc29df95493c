package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.function.Supplier;

/** Metrics of translations that are compared with those of another Pointsman. */
public final class ShadowMetrics {
  private final LabelledMeters<ShadowResult, Counter> comparisons;
  private final MultiGauge differences;
  private volatile Supplier<Map<String, Integer>> byGateway = Map::of;

  /** The result of a comparison. */
  public enum ShadowResult {
    /** The answers were the same. */
    EQUAL,
    /** Resources differ. */
    DIFFERENT,
    /** Only one side of the other Pointsman was seen, or objects could not be read. */
    FAILED
  }

  ShadowMetrics(MeterRegistry registry) {
    comparisons = LabelledMeters.counters(
        registry,
        "pointsman.shadow.comparisons",
        "Translations that were compared with those of another Pointsman.",
        "result",
        ShadowResult.class);
    differences = MultiGauge.builder("pointsman.shadow.differences")
        .description("Resources of a Gateway that differ from those of another Pointsman.")
        .register(registry);
  }

  /** Counts a comparison that was not made. */
  public void failed() {
    comparisons.of(ShadowResult.FAILED).increment();
  }

  /**
   * Sets the supplier of the number of different resources in the last comparison of each Gateway.
   *
   * @param supplier by {@code namespace/name}
   */
  public void differences(Supplier<Map<String, Integer>> supplier) {
    byGateway = supplier;
  }

  /** Counts a comparison of a translation. */
  public void compared(boolean equal) {
    comparisons.of(equal ? ShadowResult.EQUAL : ShadowResult.DIFFERENT).increment();
  }

  /** Brings the series up to date. */
  synchronized void update() {
    differences.register(
        byGateway.get().entrySet().stream()
            .<Row<?>>map(one -> Row.of(Tags.of("gateway", one.getKey()), one.getValue()))
            .toList(),
        true);
  }
}
