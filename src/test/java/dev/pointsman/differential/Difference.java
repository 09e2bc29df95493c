package dev.pointsman.differential;

/**
 * Something that differs, or an invariant that does not hold.
 *
 * @param field in dotted words, e.g. {@code pod.header.x-user}
 * @param pointsman what was seen with Pointsman
 * @param stock what was seen without it, or what the invariant asks for
 */
record Difference(String field, String pointsman, String stock) {
  /** A value that is not there. */
  static final String NONE = "(none)";

  @Override
  public String toString() {
    return field + ": with Pointsman " + shown(pointsman) + ", stock " + shown(stock);
  }

  private static String shown(String value) {
    return value.length() > 200 ? value.substring(0, 200) + "..." : value;
  }
}
