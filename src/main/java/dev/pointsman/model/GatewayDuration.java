package dev.pointsman.model;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in the notation of Gateway API (GEP-2257): {@code 5s}, {@code 1m30s}, {@code 250ms}. */
public final class GatewayDuration {
  private static final Pattern WHOLE = Pattern.compile("([0-9]{1,5}(h|ms|m|s)){1,4}");
  private static final Pattern PART = Pattern.compile("([0-9]+)(h|ms|m|s)");

  private GatewayDuration() {}

  /** The duration; empty if the text is none. */
  public static Optional<Duration> parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      long number = Long.parseLong(part.group(1));
      sum = sum.plus(
          switch (part.group(2)) {
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMillis(number);
          });
    }
    return Optional.of(sum);
  }
}
