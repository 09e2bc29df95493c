package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A meter for each value of a label, all of them from the start. */
final class LabelledMeters<K extends Enum<K>, M> {
  private final Map<K, M> meters;

  LabelledMeters(Class<K> label, Function<K, M> meter) {
    meters = new EnumMap<>(label);
    for (K value : label.getEnumConstants()) {
      meters.put(value, meter.apply(value));
    }
  }

  /** A counter for each value. */
  static <K extends Enum<K>> LabelledMeters<K, Counter> counters(
      MeterRegistry registry, String name, String description, String tag, Class<K> label) {
    return new LabelledMeters<>(
        label,
        value -> Counter.builder(name)
            .description(description)
            .tag(tag, snakeCase(value))
            .register(registry));
  }

  M of(K value) {
    return Objects.requireNonNull(meters.get(value));
  }

  static String snakeCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static String camelCase(Enum<?> value) {
    return value.name().charAt(0) + value.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
