package dev.pointsman.differential;

import dev.pointsman.rig.PickerCall;
import java.util.List;

/**
 * The outcome of one copy of a request on one side.
 *
 * @param received the requests at the rules' backends
 * @param copies the requests at mirrors
 * @param session whether the client received a session and stayed with its pod; empty if it does not use sessions
 */
record Outcome(
    String id,
    ClientResponse response,
    List<ReceivedRequest> received,
    List<ReceivedRequest> copies,
    List<PickerCall> picks,
    List<ProcessedRequest> processed,
    List<AccessLine> access,
    String session) {
  Outcome {
    received = List.copyOf(received);
    copies = List.copyOf(copies);
    picks = List.copyOf(picks);
    processed = List.copyOf(processed);
    access = List.copyOf(access);
  }

  /** The rule in the access log. */
  String route() {
    return access.isEmpty() ? "" : access.getFirst().route();
  }
}
