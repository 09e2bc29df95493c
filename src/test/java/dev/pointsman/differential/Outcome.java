package dev.pointsman.differential;

import dev.pointsman.rig.PickerCall;
import java.util.List;

/**
 * The result of one copy of an ask on one side.
 *
 * @param arrivals at the rules' backends
 * @param copies at mirrors
 * @param session whether the client was given a session and stayed with its pod; empty where none was asked for
 */
record Outcome(
    String id,
    Answer answer,
    List<Arrival> arrivals,
    List<Arrival> copies,
    List<PickerCall> picks,
    List<Processed> processed,
    List<AccessLine> access,
    String session) {
  Outcome {
    arrivals = List.copyOf(arrivals);
    copies = List.copyOf(copies);
    picks = List.copyOf(picks);
    processed = List.copyOf(processed);
    access = List.copyOf(access);
  }

  /** The HTTPRoute that took it, as the access log says. */
  String route() {
    return access.isEmpty() ? "" : access.getFirst().route();
  }
}
