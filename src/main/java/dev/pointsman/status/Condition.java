package dev.pointsman.status;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What we say about an object, without the times, which depend on what it said before.
 *
 * @param message for people: what is wrong and what to do
 */
public record Condition(String type, boolean holds, String reason, String message) {
  /** Whether the object is used. */
  static final String ACCEPTED = "Accepted";
  /** Whether everything that the object names is there. */
  static final String RESOLVED_REFS = "ResolvedRefs";

  /** The API takes no more. */
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
