package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pointsman.rig.RawResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;

/** Requests as bytes, each on a connection of its own, whose answers are read as text with their head. */
final class RawRequests {
  private RawRequests() {}

  static String form(String model, int size, boolean first) {
    String field =
        "--xyz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n" + model + "\r\n";
    String file = "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
        + "Content-Type: audio/wav\r\n\r\n" + "\r\n-a".repeat(size / 4) + "\r\n";
    return (first ? field + file : file + field) + "--xyz--\r\n";
  }

  static String get(int port, String host, String target) throws IOException {
    return send(
        port, "GET " + target + " HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n\r\n");
  }

  static String post(int port, String host, String target, String header, String body) {
    try {
      return send(
          port,
          "POST " + target + " HTTP/1.1\r\nhost: " + host + "\r\nconnection: close\r\n" + header
              + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String send(int port, String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      } catch (IOException _) {
        // the gateway has answered before it has read everything
      }
      return RawResponse.read(socket);
    }
  }

  /** The head of the answer, and the first data of the pod. */
  static String websocket(int port, String host, String target) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(("GET " + target + " HTTP/1.1\r\nhost: " + host
                  + "\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
                  + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
              .getBytes(ISO_8859_1));
      StringBuilder answer = new StringBuilder();
      InputStream in = socket.getInputStream();
      byte[] some = new byte[4096];
      while (!answer.toString().contains("\r\n\r\n")
          || answer.toString().contains(" 101 ") && !answer.toString().contains("hello from")) {
        int read = in.read(some);
        if (read < 0) {
          break;
        }
        answer.append(new String(some, 0, read, ISO_8859_1));
      }
      return answer.toString();
    }
  }
}
