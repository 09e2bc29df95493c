package dev.pointsman.e2e.kubernetes;

import java.time.Duration;
import java.util.Map;

/**
 * A fault of one part of the cluster.
 *
 * @param name for the table
 * @param isShort whether it belongs to the short form
 * @param lasts the time between its begin and its end
 * @param mayFail the pools whose requests may fail, and the time at most between the sending of the first and of the last
 *     such request
 * @param part the part that fails
 * @param injection makes the fault
 */
record Fault(
    String name,
    boolean isShort,
    Duration lasts,
    Map<String, Duration> mayFail,
    Part part,
    Injection injection) {
  /** A part of the cluster. */
  enum Part {
    /** Pointsman, Envoy Gateway or Kubernetes, which are in the path of no request. */
    CONTROL_PLANE,
    /** The API server or its store: nobody can be asked about conditions meanwhile. */
    API_SERVER,
    /** A picker or a pod. */
    DATA_PLANE,
    /** A picker that keeps the requests that it has: pickers may queue them. */
    HANGING_PICKER,
    /** A pod without a network: requests that it has wait for their clients' limit. */
    SILENT_POD
  }

  /** Makes the fault, and returns how to end it. */
  @FunctionalInterface
  interface Injection {
    Undo begin(FaultScene scene);
  }

  /** Ends a fault. */
  @FunctionalInterface
  interface Undo {
    /** A fault that ends by itself. */
    Undo NOTHING = () -> {};

    void end();
  }

  /** A new request is answered within this time. */
  private static final Duration WAIT = Duration.ofSeconds(2);

  /** The longest time without a right answer. */
  Duration longestWait() {
    Duration longest = switch (part) {
      case CONTROL_PLANE, API_SERVER, DATA_PLANE -> Duration.ZERO;
      case HANGING_PICKER -> lasts;
      case SILENT_POD -> FaultClients.LIMIT;
    };
    for (Duration failing : mayFail.values()) {
      longest = failing.compareTo(longest) > 0 ? failing : longest;
    }
    return longest.plus(WAIT);
  }

  /** The bound in words. */
  String bound() {
    if (mayFail.isEmpty()) {
      return part == Part.HANGING_PICKER
          ? "no failure; a request that the picker holds waits"
          : "no failure";
    }
    StringBuilder words = new StringBuilder();
    mayFail.forEach((pool, time) -> words
        .append(words.isEmpty() ? "" : ", ")
        .append(pool)
        .append(" fails for at most ")
        .append(time.toSeconds())
        .append(" s"));
    return words.toString();
  }
}
