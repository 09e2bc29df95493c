package dev.pointsman.rig;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/** The server's side of a websocket that sends every frame back (RFC 6455, frames up to 64 KiB). */
public final class WebSocketEcho {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int CLOSE = 8;

  private WebSocketEcho() {}

  /** The headers of the answer 101 to a client's key. */
  public static Map<String, String> accept(String key) {
    return Map.of(
        "connection", "Upgrade", "upgrade", "websocket", "sec-websocket-accept", answerTo(key));
  }

  private static String answerTo(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1")
          .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Echoes until the client closes. */
  public static void run(InputStream in, OutputStream out) throws IOException {
    DataInputStream frames = new DataInputStream(in);
    int opcode;
    do {
      int first = frames.readUnsignedByte();
      opcode = first & 0x0f;
      byte[] payload = payload(frames);
      out.write(first);
      if (payload.length < 126) {
        out.write(payload.length);
      } else {
        out.write(new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length});
      }
      out.write(payload);
      out.flush();
    } while (opcode != CLOSE);
  }

  private static byte[] payload(DataInputStream frames) throws IOException {
    int second = frames.readUnsignedByte();
    int length = second & 0x7f;
    if (length == 127 || (second & 0x80) == 0) {
      throw new EOFException("a frame too long, or without the client's mask");
    }
    if (length == 126) {
      length = frames.readUnsignedShort();
    }
    byte[] mask = frames.readNBytes(4);
    byte[] payload = frames.readNBytes(length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return payload;
  }
}
