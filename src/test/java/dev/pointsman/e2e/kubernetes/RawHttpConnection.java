package dev.pointsman.e2e.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection to a Gateway on which one request follows the other. It sees what clients with a pool of
 * connections hide: bytes that nobody asked for.
 */
final class RawHttpConnection implements AutoCloseable {
  private static final int LIMIT_MS = 30_000;
  private static final int PIECE = 32 << 10;

  /**
   * A request.
   *
   * @param isChunked whether its length is not told in advance
   */
  record Request(
      String method,
      String host,
      String path,
      Map<String, String> headers,
      byte[] body,
      boolean isChunked) {
    /** The same with a header more. */
    Request with(String name, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(name, value);
      return new Request(method, host, path, more, body, isChunked);
    }
  }

  /** An answer; names of headers in lower case. */
  record Reply(int status, Map<String, String> headers, byte[] body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    String text() {
      return new String(body, ISO_8859_1);
    }

    /** Whether the other side means to close the connection. */
    boolean isLast() {
      return header("connection").equalsIgnoreCase("close");
    }

    @Override
    public String toString() {
      String text = text();
      return status + " from \"" + header("x-served-by") + "\": "
          + text.substring(0, Math.min(200, text.length()));
    }
  }

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private RawHttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), PIECE);
    this.out = new BufferedOutputStream(socket.getOutputStream(), PIECE);
  }

  /** Connects to a host and port of the cluster, through the cluster's way in if it has one. */
  static RawHttpConnection open(Cluster cluster, String address) throws IOException {
    InetSocketAddress proxy = cluster
        .http()
        .proxy()
        .map(selector -> proxy(selector, address))
        .orElseGet(() -> {
          String[] hostAndPort = address.split(":");
          return new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1]));
        });
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(LIMIT_MS);
    socket.connect(proxy, LIMIT_MS);
    RawHttpConnection connection = new RawHttpConnection(socket);
    if (cluster.http().proxy().isPresent()) {
      connection.tunnel(address);
    }
    return connection;
  }

  private static InetSocketAddress proxy(ProxySelector selector, String address) {
    return (InetSocketAddress)
        selector.select(URI.create("http://" + address)).getFirst().address();
  }

  private void tunnel(String address) throws IOException {
    write("CONNECT " + address + " HTTP/1.1\r\nhost: " + address + "\r\n\r\n");
    out.flush();
    String status = line();
    while (!line().isEmpty()) {
      // headers of the tunnel
    }
    if (!status.contains(" 200 ")) {
      throw new IOException("no tunnel to " + address + ": " + status);
    }
  }

  /** Sends a request and reads its answer. */
  Reply ask(Request request) throws IOException {
    send(request);
    return receive(request.method());
  }

  /** Sends a request, its body piece by piece. */
  void send(Request request) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
    head.append("host: ").append(request.host()).append("\r\n");
    request
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (request.isChunked()) {
      head.append("transfer-encoding: chunked\r\n");
    } else if (request.body().length > 0) {
      head.append("content-length: ").append(request.body().length).append("\r\n");
    }
    write(head.append("\r\n").toString());
    byte[] body = request.body();
    if (request.isChunked()) {
      out.flush(); // the proxy decides before it knows how long the body is
      for (int start = 0; start < body.length; start += PIECE) {
        int length = Math.min(PIECE, body.length - start);
        write(Integer.toHexString(length) + "\r\n");
        out.write(body, start, length);
        write("\r\n");
      }
      write("0\r\n\r\n");
    } else {
      out.write(body);
    }
    out.flush();
  }

  /** Reads the next answer. */
  Reply receive(String method) throws IOException {
    String[] status = line().split(" ");
    if (status.length < 2) {
      throw new EOFException("the connection was closed instead of an answer");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip());
    }
    int code = Integer.parseInt(status[1]);
    boolean isEmpty = method.equals("HEAD") || code == 204 || code == 304 || code < 200;
    return new Reply(code, headers, isEmpty ? new byte[0] : body(headers));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (!headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException("the answer ended " + (length - body.length) + " bytes early");
      }
      return body;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(); size > 0; size = size()) {
      body.write(in.readNBytes(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  private int size() throws IOException {
    return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
  }

  /** Waits for bytes that no request asked for; empty also when the other side has closed. */
  String unasked(int waitMs) throws IOException {
    socket.setSoTimeout(waitMs);
    try {
      in.mark(1);
      if (in.read() < 0) {
        return "";
      }
      in.reset();
      return new String(in.readNBytes(Math.max(1, Math.min(200, in.available()))), ISO_8859_1);
    } catch (java.net.SocketTimeoutException nothing) {
      return "";
    } finally {
      socket.setSoTimeout(LIMIT_MS);
    }
  }

  /** Bytes so far that no request asked for. */
  String unasked() throws IOException {
    return in.available() == 0 ? "" : unasked(1);
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
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
    } catch (IOException _) {
      // as good as closed
    }
  }
}
