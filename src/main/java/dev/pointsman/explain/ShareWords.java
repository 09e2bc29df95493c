package dev.pointsman.explain;

import java.math.BigDecimal;

/** Shares in words. */
public final class ShareWords {
  private ShareWords() {}

  /** The share of a weight: {@code 12.5 %}. */
  public static String percent(long weight, long total) {
    return percent(Upstreams.percent(weight, total));
  }

  /** A share: {@code 12.5 %}. */
  public static String percent(double percent) {
    return BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + " %";
  }
}
