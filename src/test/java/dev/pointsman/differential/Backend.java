package dev.pointsman.differential;

/**
 * A group of pods behind a rule.
 *
 * @param number unique in the situation
 * @param kind its kind with Pointsman; on the stock gateway it is always a Backend
 * @param weight its weight in the rule
 */
record Backend(int number, Kind kind, int weight) {
  /** The kinds of backends. */
  enum Kind {
    /** An InferencePool with an endpoint picker. */
    POOL,
    /** An InferencePool with {@code FailOpen} whose picker ends each stream with OK and without a response. */
    SILENT_OPEN,
    /** Such an InferencePool with {@code FailClose}. */
    SILENT_CLOSE,
    /** An InferencePool without an endpoint picker. */
    POOL_WITHOUT_PICKER,
    /** A Backend of Envoy Gateway, on both sides. */
    PLAIN
  }

  String name() {
    return "b" + number;
  }

  boolean isPool() {
    return kind != Kind.PLAIN;
  }

  boolean hasPicker() {
    return kind == Kind.POOL || isSilent();
  }

  /** Whether its picker sends no response. */
  boolean isSilent() {
    return kind == Kind.SILENT_OPEN || kind == Kind.SILENT_CLOSE;
  }
}
