package dev.pointsman.config;

import java.util.regex.Pattern;

/** A duration of Gateway API (GEP-2257), such as {@code 10s} or {@code 1m30s}. */
public record GatewayDuration(String text) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,5}(h|m|s|ms)){1,4}");

  /** @throws IllegalArgumentException if the text is no duration */
  public GatewayDuration {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a duration of Gateway API, such as 10s or 1m30s");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
