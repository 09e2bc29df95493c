package dev.pointsman.differential;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of exact sizes. */
final class Bodies {
  private static final byte[] FILLER =
      "0123456789abcdef".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);

  private Bodies() {}

  /** A chat request with the model as the last field; arbitrary text if there is no model or no space for it. */
  static byte[] of(DrawnRequest request) {
    String head = "{\"messages\":[{\"role\":\"user\",\"content\":\"";
    String tail = "\"}]"
        + (request.model().isEmpty()
            ? ""
            : ",\"model\":" + JsonMapper.shared().writeValueAsString(request.model()))
        + "}";
    byte[] first = head.getBytes(StandardCharsets.UTF_8);
    byte[] last = tail.getBytes(StandardCharsets.UTF_8);
    if (request.size() < first.length + last.length) {
      return filler(request.size());
    }
    byte[] body = filler(request.size());
    System.arraycopy(first, 0, body, 0, first.length);
    System.arraycopy(last, 0, body, body.length - last.length, last.length);
    return body;
  }

  /** Text of a size in bytes. */
  static byte[] filler(int size) {
    byte[] bytes = Arrays.copyOf(FILLER, size);
    for (int from = FILLER.length; from < size; from += FILLER.length) {
      System.arraycopy(FILLER, 0, bytes, from, Math.min(FILLER.length, size - from));
    }
    return bytes;
  }
}
