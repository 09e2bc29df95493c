package dev.pointsman.status;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A condition without its times, which depend on the previous status.
 *
 * @param message the problem and its remedy
 */
public record Condition(String type, boolean holds, String reason, String message) {
  /** The type of the condition that the object is used. */
  static final String ACCEPTED = "Accepted";
  /** The type of the condition that all references of the object exist. */
  static final String RESOLVED_REFS = "ResolvedRefs";

  /** The type of the condition that the pool's requests can be served. */
  static final String READY = "Ready";

  /** The API's limit of a message, in characters. */
  private static final int LONGEST = 32768;

  public Condition {
    if (message.length() > LONGEST) {
      message = message.substring(0, LONGEST - 3) + "...";
    }
  }

  /** The condition of that type in an entry of a status. */
  static Optional<JsonNode> find(JsonNode entry, String type) {
    return entry.path("conditions").values().stream()
        .filter(one -> one.path("type").asString("").equals(type))
        .findFirst();
  }

  static Condition accepted(String message) {
    return accepted("Accepted", message);
  }

  static Condition accepted(String reason, String message) {
    return new Condition(ACCEPTED, true, reason, message);
  }

  static Condition notAccepted(String reason, String message) {
    return new Condition(ACCEPTED, false, reason, message);
  }

  static Condition resolved(String message) {
    return new Condition(RESOLVED_REFS, true, "ResolvedRefs", message);
  }

  static Condition unresolved(String reason, String message) {
    return new Condition(RESOLVED_REFS, false, reason, message);
  }
}
