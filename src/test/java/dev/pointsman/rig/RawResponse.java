package dev.pointsman.rig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a response with its head. It does not wait for the end of the connection: Envoy closes one a second later, so
 * that clients have time to read.
 */
public final class RawResponse {
  private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: (\\d+)\r\n");
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final int OPEN_MS = 300;

  private RawResponse() {}

  /** The whole response; empty if the connection was reset before, as a gateway does that has not read the request. */
  public static String read(Socket socket) {
    StringBuilder response = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[8192];
      int read;
      while (!isWhole(response) && (read = in.read(piece)) >= 0) {
        response.append(new String(piece, 0, read, ISO_8859_1));
        if (response.indexOf(END_OF_HEAD) >= 0 && !LENGTH.matcher(response).find()) {
          socket.setSoTimeout(OPEN_MS); // an upgraded connection stays open
        }
      }
    } catch (SocketTimeoutException open) {
      // this is all
    } catch (IOException reset) {
      return "";
    }
    return new String(response.toString().getBytes(ISO_8859_1), UTF_8);
  }

  private static boolean isWhole(StringBuilder response) {
    int head = response.indexOf(END_OF_HEAD);
    Matcher length = LENGTH.matcher(response);
    return head >= 0
        && length.find()
        && response.length() >= head + END_OF_HEAD.length() + Integer.parseInt(length.group(1));
  }
}
