package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pointsman.config.HostPort;
import dev.pointsman.rig.TcpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.function.Function;

/** A pod that answers each request with whatever bytes it is told to. */
final class RawPod implements AutoCloseable {
  private final TcpServer server;
  private volatile Function<RawRequest, byte[]> answers;

  /**
   * A request as it arrived.
   *
   * @param head its first line and its headers, in lower case
   */
  record RawRequest(String head, String body) {
    /** A header's value; empty when there is none. */
    String header(String name) {
      for (String line : head.split("\r\n")) {
        if (line.startsWith(name + ":")) {
          return line.substring(name.length() + 1).strip();
        }
      }
      return "";
    }
  }

  RawPod(HostPort at, Function<RawRequest, byte[]> answers) throws IOException {
    this.answers = answers;
    server = TcpServer.start(at, this::serve);
  }

  /** Sets the answers from now on. */
  void answer(Function<RawRequest, byte[]> next) {
    answers = next;
  }

  private void serve(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    while (true) {
      RawRequest request = read(in); // only then what it answers is asked for
      out.write(answers.apply(request));
      out.flush();
    }
  }

  private static RawRequest read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      head.append(line.toLowerCase(Locale.ROOT)).append("\r\n");
    }
    RawRequest bodyless = new RawRequest(head.toString(), "");
    StringBuilder body = new StringBuilder();
    if (bodyless.header("transfer-encoding").equals("chunked")) {
      for (int size = size(in); size > 0; size = size(in)) {
        body.append(new String(in.readNBytes(size), ISO_8859_1));
        String _ = line(in);
      }
      while (!line(in).isEmpty()) {
        // trailers
      }
    } else if (!bodyless.header("content-length").isEmpty()) {
      int length = Integer.parseInt(bodyless.header("content-length"));
      body.append(new String(in.readNBytes(length), ISO_8859_1));
    }
    return new RawRequest(head.toString(), body.toString());
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
