package dev.pointsman.model;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes in the notation of Kubernetes quantities: {@code 64Mi}, {@code 500k}, {@code 1048576}. */
public record ByteSize(long bytes) {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12})(Ki|Mi|Gi|k|K|M|G)?");
  private static final Map<String, Long> UNITS = Map.of(
      "Ki",
      1L << 10,
      "Mi",
      1L << 20,
      "Gi",
      1L << 30,
      "k",
      1_000L,
      "K",
      1_000L,
      "M",
      1_000_000L,
      "G",
      1_000_000_000L);

  /**
   * Reads a quantity of at least one byte.
   *
   * @throws IllegalArgumentException if the text is no such quantity
   */
  public static ByteSize parse(String text) {
    return read(text)
        .orElseThrow(() -> new IllegalArgumentException(
            "\"" + text + "\" is not a size, such as 64Mi, 500k or 1048576"));
  }

  /** Reads a quantity of at least one byte; empty if the text is none. */
  public static Optional<ByteSize> read(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2);
    long number = Long.parseLong(matcher.group(1));
    long factor = unit == null ? 1 : UNITS.getOrDefault(unit, 1L);
    return number < 1 || number > Long.MAX_VALUE / factor
        ? Optional.empty()
        : Optional.of(new ByteSize(number * factor));
  }

  /** A size in mebibytes. */
  public static ByteSize mebibytes(long mebibytes) {
    return new ByteSize(mebibytes << 20);
  }

  /** The size in the largest unit that gives a whole number. */
  @Override
  public String toString() {
    for (String unit : new String[] {"Gi", "Mi", "Ki"}) {
      long size = UNITS.getOrDefault(unit, 1L);
      if (bytes % size == 0) {
        return bytes / size + unit;
      }
    }
    return Long.toString(bytes);
  }
}
