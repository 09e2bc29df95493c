package dev.pointsman.rig;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP/1.1 request and its answer, on a socket. The JDK's own server cannot upgrade a connection and hides when the
 * parts of a body arrive, which is what the tests are about.
 */
public final class Http1Exchange {
  private final BufferedInputStream in;
  private final OutputStream out;
  private final String method;
  private final String target;
  private final Map<String, List<String>> headers;
  private final InputStream body;

  private Http1Exchange(
      BufferedInputStream in,
      OutputStream out,
      String requestLine,
      Map<String, List<String>> headers) {
    String[] parts = requestLine.split(" ");
    this.in = in;
    this.out = out;
    this.method = parts[0];
    this.target = parts.length > 1 ? parts[1] : "/";
    this.headers = headers;
    this.body = openBody();
  }

  /** The next request on a connection, or nothing when the client has closed it. */
  public static Optional<Http1Exchange> read(BufferedInputStream in, OutputStream out)
      throws IOException {
    String requestLine = Http1Bodies.line(in);
    if (requestLine.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<String>> headers = new TreeMap<>();
    for (String line = Http1Bodies.line(in); !line.isEmpty(); line = Http1Bodies.line(in)) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return Optional.of(new Http1Exchange(in, out, requestLine, headers));
  }

  public String method() {
    return method;
  }

  /** The path without the query. */
  public String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  /** The path with the query. */
  public String target() {
    return target;
  }

  /** A parameter of the query, or the empty string. */
  String query(String name) {
    for (String pair : target.substring(target.indexOf('?') + 1).split("&")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return "";
  }

  /** All headers, names in lower case. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** The first value of a header, or the empty string. */
  public String header(String name) {
    return headers.getOrDefault(name, List.of("")).getFirst();
  }

  /** The body as it arrives: a read returns what is there. */
  public InputStream body() {
    return body;
  }

  /** The trailers, once the body has been read; names in lower case. */
  public Map<String, String> trailers() {
    return body instanceof Http1Bodies.ChunkedInput chunked ? chunked.trailers() : Map.of();
  }

  /** Answers at once. */
  public void respond(int status, String contentType, Map<String, String> extra, byte[] content)
      throws IOException {
    Map<String, String> all = new TreeMap<>(extra);
    all.put("content-type", contentType);
    all.put("content-length", Integer.toString(content.length));
    writeHead(status, all);
    out.write(content);
    out.flush();
  }

  /** Answers piece by piece: each write leaves as a chunk of its own, at once. Closing ends the answer. */
  public OutputStream respondInChunks(int status, String contentType, Map<String, String> extra)
      throws IOException {
    return respondInChunks(status, contentType, extra, Map.of());
  }

  /** The same with trailers behind the answer. */
  public OutputStream respondInChunks(
      int status, String contentType, Map<String, String> extra, Map<String, String> trailers)
      throws IOException {
    Map<String, String> all = new TreeMap<>(extra);
    all.put("content-type", contentType);
    all.put("transfer-encoding", "chunked");
    writeHead(status, all);
    out.flush();
    return new Http1Bodies.ChunkedOutput(out, trailers);
  }

  /** Turns the connection over to another protocol. */
  public void switchTo(Map<String, String> extra) throws IOException {
    writeHead(101, extra);
    out.flush();
  }

  private void writeHead(int status, Map<String, String> all) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Stub\r\n");
    all.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private InputStream openBody() {
    if (header("transfer-encoding").equalsIgnoreCase("chunked")) {
      return new Http1Bodies.ChunkedInput(in);
    }
    String length = header("content-length");
    return length.isEmpty()
        ? new ByteArrayInputStream(new byte[0])
        : new Http1Bodies.FixedInput(in, Long.parseLong(length));
  }
}
