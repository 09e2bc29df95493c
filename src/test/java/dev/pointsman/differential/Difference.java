package dev.pointsman.differential;

/**
 * A difference between both sides, or a broken invariant.
 *
 * @param field e.g. {@code pod.header.x-user}
 * @param pointsman the value with Pointsman
 * @param stock the value on the stock gateway, or the value that the invariant requires
 */
record Difference(String field, String pointsman, String stock) {
  /** A missing value. */
  static final String NONE = "(none)";

  @Override
  public String toString() {
    return field + ": with Pointsman " + shown(pointsman) + ", stock " + shown(stock);
  }

  private static String shown(String value) {
    return value.length() > 200 ? value.substring(0, 200) + "..." : value;
  }
}
