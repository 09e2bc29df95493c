package dev.pointsman.differential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest of a body: length and hash, and the text of a short one. */
final class Digest {
  private static final int SHORT = 300;

  private final MessageDigest hash;
  private final StringBuilder text = new StringBuilder();
  private long length;

  Digest() {
    try {
      hash = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void add(byte[] bytes, int from, int count) {
    hash.update(bytes, from, count);
    length += count;
    if (text.length() < SHORT) {
      text.append(
          new String(bytes, from, Math.min(count, SHORT - text.length()), StandardCharsets.UTF_8));
    }
  }

  long length() {
    return length;
  }

  /** The digest as text, equal for equal bodies. */
  String text() {
    if (length == 0) {
      return "";
    }
    String sum = HexFormat.of().formatHex(hash.digest()).substring(0, 16);
    return length + " bytes " + sum + " "
        + (length <= SHORT ? text : text.substring(0, 60) + "...");
  }
}
