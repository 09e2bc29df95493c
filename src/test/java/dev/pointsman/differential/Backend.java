package dev.pointsman.differential;

/**
 * A group of pods behind a rule.
 *
 * @param number unique in the situation
 * @param kind how the manifests with Pointsman name it; those of the stock gateway always name a Backend
 * @param weight of the rule's requests
 */
record Backend(int number, Kind kind, int weight) {
  /** The kinds of backends. */
  enum Kind {
    /** An InferencePool with an endpoint picker. */
    POOL,
    /** One with {@code FailOpen}, whose picker ends each stream well and without an answer. */
    SILENT_OPEN,
    /** The same with {@code FailClose}. */
    SILENT_CLOSE,
    /** An InferencePool without one. */
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

  /** Whether its picker answers nothing. */
  boolean isSilent() {
    return kind == Kind.SILENT_OPEN || kind == Kind.SILENT_CLOSE;
  }
}
