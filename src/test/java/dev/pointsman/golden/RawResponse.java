package dev.pointsman.golden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a response with its head, without waiting for a gateway that closes the connection later. */
final class RawResponse {
  private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: (\\d+)\r\n");
  private static final String END_OF_HEAD = "\r\n\r\n";

  private RawResponse() {}

  /** The response as far as it arrives: a gateway that has not read the whole request resets the connection. */
  static String read(Socket socket) {
    StringBuilder response = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      byte[] piece = new byte[8192];
      int read;
      while (!isWhole(response) && (read = in.read(piece)) >= 0) {
        response.append(new String(piece, 0, read, ISO_8859_1));
        socket.setSoTimeout(300); // an upgraded connection stays open
      }
      return response.toString();
    } catch (SocketTimeoutException open) {
      return response.toString();
    } catch (IOException reset) {
      return "";
    }
  }

  private static boolean isWhole(StringBuilder response) {
    int head = response.indexOf(END_OF_HEAD);
    Matcher length = LENGTH.matcher(response);
    return head >= 0
        && length.find()
        && response.length() >= head + END_OF_HEAD.length() + Integer.parseInt(length.group(1));
  }
}
