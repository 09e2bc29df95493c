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
 * An Event of type Warning for an object's author. Its name is derived from the object's generation and the reason,
 * so several writers create it only once.
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
  /** The limit of the note; the API allows 1024 bytes. */
  private static final int LONGEST = 1000;

  /** The limit of the object's name in the Event's name: 253 characters less the digest and its dot. */
  private static final int LONGEST_NAME = 200;

  public WarningEvent {
    if (note.length() > LONGEST) {
      note = note.substring(0, LONGEST) + "...";
    }
  }

  /** The name of the Event. */
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
   * @param instance the name of the writing replica
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
