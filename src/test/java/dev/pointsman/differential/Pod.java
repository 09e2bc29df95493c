package dev.pointsman.differential;

import dev.pointsman.config.HostPort;
import dev.pointsman.rig.Http1Exchange;
import dev.pointsman.rig.TcpServer;
import dev.pointsman.rig.WebSocketEcho;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A pod that does what requests order ({@link Orders}) and logs how they arrived. */
final class Pod implements AutoCloseable {

  private final TcpServer server;
  private final String backend;
  private final String name;
  private final String group;
  private final Log log;

  /**
   * Starts it.
   *
   * @param group of pods that count a request's tries together
   */
  Pod(HostPort at, String backend, int number, String group, Log log) throws IOException {
    this.backend = backend;
    this.name = backend + "-" + number;
    this.group = group;
    this.log = log;
    server = TcpServer.http1(at, this::answer);
  }

  private boolean answer(Http1Exchange exchange, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    String id = exchange.header("x-ask");
    if (exchange.header("upgrade").equalsIgnoreCase("websocket")) {
      log.add(arrival(exchange, id, "", true));
      exchange.switchTo(WebSocketEcho.accept(exchange.header("sec-websocket-key")));
      WebSocketEcho.run(in, out);
      return false;
    }
    Digest digest = new Digest();
    boolean whole = read(exchange.body(), digest);
    log.add(arrival(exchange, id, digest.text(), whole));
    if (!whole) {
      return false;
    }
    Orders orders = Orders.parse(exchange.header(Orders.HEADER));
    Thread.sleep(orders.delayMillis());
    if (log.nextTry(id, group) <= orders.failures()) {
      exchange.respond(
          orders.failure(),
          "text/plain",
          served(),
          "told to fail".getBytes(StandardCharsets.UTF_8));
      return true;
    }
    boolean complete = orders.pieces() > 1 || orders.trailers() || orders.cut()
        ? inPieces(exchange, orders)
        : atOnce(exchange, orders);
    return complete && !exchange.header("connection").equalsIgnoreCase("close");
  }

  private boolean atOnce(Http1Exchange exchange, Orders orders) throws IOException {
    boolean head = exchange.method().equals("HEAD");
    exchange.respond(
        200, "application/json", served(), head ? new byte[0] : Bodies.filler(orders.bytes()));
    return true;
  }

  private boolean inPieces(Http1Exchange exchange, Orders orders)
      throws IOException, InterruptedException {
    if (exchange.method().equals("HEAD")) {
      return atOnce(exchange, orders);
    }
    Map<String, String> trailers =
        orders.trailers() ? Map.of("x-trailer", "of-the-answer") : Map.of();
    OutputStream out = exchange.respondInChunks(200, "text/event-stream", served(), trailers);
    byte[] piece = Bodies.filler(Math.max(1, orders.bytes() / orders.pieces()));
    for (int i = 0; i < orders.pieces(); i++) {
      out.write(piece);
      if (orders.cut() && i == orders.pieces() / 2) {
        return false;
      }
      Thread.sleep(i + 1 < orders.pieces() ? Orders.PAUSE_MS : 0);
    }
    out.close();
    return true;
  }

  private Map<String, String> served() {
    return Map.of(
        "x-served-by", name, "x-set", "by-pod", "x-added", "by-pod", "x-removed", "by-pod");
  }

  private static boolean read(InputStream in, Digest digest) {
    byte[] buffer = new byte[64 << 10];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.add(buffer, 0, n);
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private Arrival arrival(Http1Exchange exchange, String id, String body, boolean whole) {
    Map<String, String> headers = new TreeMap<>();
    exchange.headers().forEach((header, values) -> headers.put(header, String.join(", ", values)));
    return new Arrival(
        id,
        backend,
        name,
        exchange.method(),
        exchange.target(),
        headers,
        body,
        exchange.trailers(),
        whole);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
