package dev.pointsman.rig;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A pod that writes to its connection, some time after an answer's headers, more answers: bytes that are the answer's
 * body by its headers, and answers to others' requests for a reader who believes that there is no body.
 */
final class HostilePod {
  /** Until the proxy has used its connection for another request. */
  private static final int PAUSE_MS = 80;

  private static final int FORGED = 3;

  /** The attacks in which the pod gives a whole answer first. */
  private static final Set<String> WHOLE =
      Set.of("", "longer-body", "more-answers", "reroute", "request-length", "empty-name");

  private static final String BODY = "{\"forged\": true}";

  private HostilePod() {}

  static void start(int port) throws IOException {
    ServerSocket listening = new ServerSocket(port, 256);
    Thread.ofVirtual().start(() -> {
      while (true) {
        Socket socket = accept(listening);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    });
  }

  private static Socket accept(ServerSocket listening) {
    try {
      return listening.accept();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Some whole answers, one behind the other. */
  static byte[] forged() {
    return bytes(("HTTP/1.1 200 OK\r\nx-served-by: " + Hostile.FORGED
            + "\r\ncontent-type: application/json\r\ncontent-length: " + BODY.length() + "\r\n\r\n"
            + BODY)
        .repeat(FORGED));
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
      OutputStream out = socket.getOutputStream();
      for (Optional<Http1Exchange> exchange = Http1Exchange.read(in, out);
          exchange.isPresent();
          exchange = Http1Exchange.read(in, out)) {
        exchange.get().body().transferTo(OutputStream.nullOutputStream());
        answer(exchange.get().header(Hostile.ATTACK), exchange.get(), out);
      }
    } catch (IOException | InterruptedException | RuntimeException _) {
      // the connection is of no use any more
    }
  }

  private static void answer(String attack, Http1Exchange exchange, OutputStream out)
      throws IOException, InterruptedException {
    String first = switch (attack) {
      case "answer-length" -> "{}";
      case "answer-chunked" -> "0\r\n\r\n";
      default -> "";
    };
    String extra = exchange.header("upgrade").isEmpty()
        ? ""
        : "connection: upgrade\r\nupgrade: " + exchange.header("upgrade") + "\r\n";
    if (WHOLE.contains(attack)) {
      byte[] body = bytes("{\"pod\": \"" + Hostile.POD + "\"}");
      write(out, "200 OK", "content-length: " + body.length + "\r\n");
      out.write(body);
      if (attack.equals("more-answers")) {
        out.flush();
        Thread.sleep(PAUSE_MS);
        out.write(forged());
      }
    } else if (attack.equals("upgrade")) {
      write(out, "101 Switching Protocols", extra);
      Thread.sleep(PAUSE_MS);
      out.write(forged());
    } else {
      int length = first.length() + forged().length;
      write(out, "200 OK", "content-length: " + length + "\r\n");
      out.write(bytes(first));
      out.flush();
      Thread.sleep(PAUSE_MS);
      out.write(forged());
    }
    out.flush();
  }

  private static void write(OutputStream out, String status, String headers) throws IOException {
    out.write(bytes(
        "HTTP/1.1 " + status + "\r\nx-served-by: " + Hostile.POD + "\r\n" + headers + "\r\n"));
    out.flush();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
