package dev.pointsman.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pointsman.differential.ClientResponse.End;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A request over HTTP/1.1 on a connection of its own. The response is read while the body is sent. */
final class Http1Client {
  private static final int LIMIT_MS = 30_000;
  private static final int CHUNK = 16 << 10;
  /** A masked text frame "hello" with a mask of zeros, and a close frame. */
  private static final byte[] FRAMES = {
    (byte) 0x81,
    (byte) 0x85,
    0,
    0,
    0,
    0,
    'h',
    'e',
    'l',
    'l',
    'o',
    (byte) 0x88,
    (byte) 0x80,
    0,
    0,
    0,
    0
  };

  private final DrawnRequest request;
  private final long begin = System.nanoTime();
  private final Map<String, List<String>> headers = new TreeMap<>();
  private final Map<String, String> trailers = new TreeMap<>();
  private final Digest body = new Digest();
  private int status;
  private long firstMillis = ClientResponse.NO_BODY;

  private Http1Client(DrawnRequest request) {
    this.request = request;
  }

  /** Sends the request and waits for the response. */
  static ClientResponse send(
      int port, String host, DrawnRequest request, Map<String, String> headers)
      throws InterruptedException {
    return new Http1Client(request).exchange(port, host, headers);
  }

  private ClientResponse exchange(int port, String host, Map<String, String> sent)
      throws InterruptedException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(LIMIT_MS);
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
      OutputStream out = socket.getOutputStream();
      out.write(head(host, sent).getBytes(UTF_8));
      byte[] bytes = Bodies.of(request);
      if (request.behavior() == DrawnRequest.Behavior.ABORTS) {
        write(out, bytes, bytes.length / 2);
        Thread.sleep(100); // until the pod has received the first half
        return response(End.ABORTED);
      }
      Thread sender = Thread.ofVirtual().start(() -> sendBody(out, bytes));
      try {
        return response(read(in, out));
      } finally {
        socket.close(); // also ends the sender
        sender.join();
      }
    } catch (SocketTimeoutException _) {
      return response(End.SILENT);
    } catch (IOException _) {
      return response(End.CUT);
    }
  }

  private String head(String host, Map<String, String> sent) {
    StringBuilder head = new StringBuilder(
        request.method() + " " + request.path() + " HTTP/1.1\r\nhost: " + host + "\r\n");
    sent.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (request.behavior() == DrawnRequest.Behavior.UPGRADES) {
      head.append("connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
          + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    } else if (request.framing() == DrawnRequest.Framing.LENGTH) {
      head.append("content-length: " + request.size() + "\r\n");
    } else if (request.framing() == DrawnRequest.Framing.CHUNKED) {
      head.append("transfer-encoding: chunked\r\n");
    }
    return head.append("\r\n").toString();
  }

  private void sendBody(OutputStream out, byte[] bytes) {
    try {
      write(out, bytes, bytes.length);
      if (request.framing() == DrawnRequest.Framing.CHUNKED) {
        StringBuilder end = new StringBuilder("0\r\n");
        request.trailers().forEach((name, value) -> end.append(name + ": " + value + "\r\n"));
        out.write(end.append("\r\n").toString().getBytes(UTF_8));
      }
      out.flush();
    } catch (IOException _) {
      // the gateway has responded and closed the connection; the reader reports it
    }
  }

  private void write(OutputStream out, byte[] bytes, int count) throws IOException {
    if (request.framing() == DrawnRequest.Framing.LENGTH) {
      out.write(bytes, 0, count);
    } else if (request.framing() == DrawnRequest.Framing.CHUNKED) {
      for (int from = 0; from < count; from += CHUNK) {
        int length = Math.min(CHUNK, count - from);
        out.write((Integer.toHexString(length) + "\r\n").getBytes(UTF_8));
        out.write(bytes, from, length);
        out.write("\r\n".getBytes(UTF_8));
      }
    }
  }

  private End read(InputStream in, OutputStream out) throws IOException {
    do {
      headers.clear();
      String[] words = line(in).split(" ", 3);
      if (words.length < 2) {
        return End.CUT;
      }
      status = Integer.parseInt(words[1]);
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        int colon = line.indexOf(':');
        headers
            .computeIfAbsent(
                line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    } while (status == 100);
    if (status == 101) {
      out.write(FRAMES);
      out.flush();
      return toTheEnd(in);
    }
    return request.method().equals("HEAD") || status == 204 || status == 304
        ? End.WHOLE
        : readBody(in);
  }

  private End readBody(InputStream in) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      return readChunks(in);
    }
    List<String> length = headers.get("content-length");
    return length == null ? toTheEnd(in) : copy(in, Long.parseLong(length.getFirst()));
  }

  private End readChunks(InputStream in) throws IOException {
    while (true) {
      String size = line(in);
      if (size.isEmpty()) {
        return End.CUT;
      }
      long left = Long.parseLong(size, 16);
      if (left == 0) {
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          int colon = line.indexOf(':');
          trailers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT),
              line.substring(colon + 1).strip());
        }
        return End.WHOLE;
      }
      if (copy(in, left) == End.CUT) {
        return End.CUT;
      }
      String _ = line(in);
    }
  }

  private End toTheEnd(InputStream in) throws IOException {
    End _ = copy(in, Long.MAX_VALUE);
    return End.WHOLE;
  }

  private End copy(InputStream in, long count) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long left = count;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        return End.CUT;
      }
      if (body.length() == 0) {
        firstMillis = millis();
      }
      body.add(buffer, 0, n);
      left -= n;
    }
    return End.WHOLE;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private long millis() {
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private ClientResponse response(End end) {
    return new ClientResponse(end, status, headers, body.text(), trailers, firstMillis, millis());
  }
}
