package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.TreeMap;

/** Metrics of translations that are compared with those of another Pointsman. */
public final class ShadowMetrics {
  /** The maximum number of Gateways with series. */
  private static final int MOST = 1_000;

  private final LabelledMeters<ShadowResult, Counter> comparisons;
  private final MultiGauge differences;
  private final Map<String, Integer> byGateway = new TreeMap<>();

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

  /** Counts a comparison of a Gateway, as {@code namespace/name}, with its number of different resources. */
  public synchronized void compared(String gateway, int different) {
    comparisons.of(different == 0 ? ShadowResult.EQUAL : ShadowResult.DIFFERENT).increment();
    if (byGateway.size() < MOST || byGateway.containsKey(gateway)) {
      byGateway.put(gateway, different);
    }
  }

  /** Brings the series up to date. */
  synchronized void update() {
    differences.register(
        byGateway.entrySet().stream()
            .<Row<?>>map(one -> Row.of(Tags.of("gateway", one.getKey()), one.getValue()))
            .toList(),
        true);
  }
}
