package dev.pointsman.status;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that an object's author should know: an Event of type Warning. It has one name for as long as the object's
 * spec stays the same, so that it cannot be there twice, whoever writes it.
 */
public record WarningEvent(
    String apiVersion,
    String kind,
    String namespace,
    String name,
    String uid,
    long generation,
    String reason,
    String note) {
  /** The API takes no more than 1024 bytes. */
  private static final int LONGEST = 1000;

  /** What is left of the 253 characters of a name when the digest and its dot are there. */
  private static final int LONGEST_NAME = 200;

  public WarningEvent {
    if (note.length() > LONGEST) {
      note = note.substring(0, LONGEST) + "...";
    }
  }

  /** The Event's own name. */
  public String eventName() {
    byte[] digest = digest(kind + '/' + uid + '/' + generation + '/' + reason + '/' + apiVersion);
    String begin =
        name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceAll("[-.]+$", "");
    return begin + "." + HexFormat.of().formatHex(digest, 0, 8);
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException(never); // every Java has it
    }
  }

  /**
   * The Event ({@code events.k8s.io/v1}).
   *
   * @param instance which of our replicas writes it
   */
  public ObjectNode event(Instant now, String instance) {
    ObjectNode event = JsonMapper.shared().createObjectNode();
    event.put("apiVersion", "events.k8s.io/v1").put("kind", "Event");
    event.putObject("metadata").put("name", eventName()).put("namespace", namespace);
    event
        .put("eventTime", now.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000000Z"))
        .put("reportingController", StatusUpdate.CONTROLLER)
        .put("reportingInstance", instance)
        .put("action", "Configure")
        .put("reason", reason)
        .put("type", "Warning")
        .put("note", note);
    event
        .putObject("regarding")
        .put("apiVersion", apiVersion)
        .put("kind", kind)
        .put("namespace", namespace)
        .put("name", name)
        .put("uid", uid);
    return event;
  }
}
