package dev.pointsman.rig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection that is used again and again, as a front proxy's for all its clients. What comes back is read
 * as RFC 9112 says, so that a byte too many belongs to the next answer.
 */
public final class KeepAlive implements AutoCloseable {
  private static final String CHAT = "/v1/chat/completions";
  private static final int LIMIT_MS = 10_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** A connection to a listener on loopback. */
  public KeepAlive(int port) {
    try {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(LIMIT_MS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets the time that an answer may take, in milliseconds; the default is 10 s. */
  public void timeout(int millis) {
    try {
      socket.setSoTimeout(millis);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An answer.
   *
   * @param headers names in lower case
   */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** The pod that answered, empty when none did. */
    public String servedBy() {
      return headers.getOrDefault("x-served-by", "");
    }
  }

  /** Posts JSON to a host's chat API, all at once. */
  public Answer post(String host, byte[] body) throws IOException {
    send("POST", host, List.of("content-length: " + body.length), body);
    return read("POST");
  }

  /** Posts JSON in chunks. */
  public Answer postChunked(String host, byte[] body, String... headers) throws IOException {
    return postChunked(host, body, List.of(headers), List.of());
  }

  /** Posts JSON in chunks, with trailers behind them. */
  public Answer postChunked(String host, byte[] body, List<String> headers, List<String> trailers)
      throws IOException {
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    int size = 64 << 10;
    for (int from = 0; from < body.length; from += size) {
      int length = Math.min(size, body.length - from);
      chunks.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      chunks.write(body, from, length);
      chunks.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    StringBuilder end = new StringBuilder("0\r\n");
    trailers.forEach(trailer -> end.append(trailer).append("\r\n"));
    chunks.writeBytes(end.append("\r\n").toString().getBytes(ISO_8859_1));
    List<String> all = new ArrayList<>(headers);
    all.add("transfer-encoding: chunked");
    send("POST", host, all, chunks.toByteArray());
    return read("POST");
  }

  /** Sends a request for the chat API. */
  public void send(String method, String host, List<String> headers, byte[] body)
      throws IOException {
    send(method, CHAT, host, headers, body);
  }

  /** Sends a request. */
  public void send(String method, String path, String host, List<String> headers, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: " + host
        + "\r\ncontent-type: application/json\r\nx-stub-report: yes\r\n");
    headers.forEach(header -> head.append(header).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    out.write(body);
    out.flush();
  }

  /** Reads the next answer, that to a request with this method; 1xx are passed over. */
  public Answer read(String method) throws IOException {
    String[] status = line().split(" ", 3);
    if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
      throw new IOException("no status line: " + String.join(" ", status));
    }
    int code = Integer.parseInt(status[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    if (code >= 100 && code < 200 && code != 101) {
      return read(method);
    }
    boolean bodyless = method.equals("HEAD") || code == 204 || code == 304 || code == 101;
    return new Answer(code, headers, bodyless ? "" : body(headers));
  }

  private String body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
      StringBuilder body = new StringBuilder();
      for (int size = size(); ; size = size()) {
        if (size == 0) {
          while (!line().isEmpty()) {
            // trailers
          }
          return body.toString();
        }
        body.append(bytes(size));
        line();
      }
    }
    String length = headers.get("content-length");
    return length == null
        ? new String(in.readAllBytes(), ISO_8859_1)
        : bytes(Integer.parseInt(length));
  }

  private int size() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  private String bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new IOException("the answer ended early");
    }
    return new String(bytes, ISO_8859_1);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection was closed after \"" + line + "\"");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
