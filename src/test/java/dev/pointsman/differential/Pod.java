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

/** A pod that follows the {@link PodInstructions} of requests and logs the requests. */
final class Pod implements AutoCloseable {

  private final TcpServer server;
  private final String backend;
  private final String name;
  private final String group;
  private final TrafficLog log;

  /**
   * Starts the pod.
   *
   * @param group the pods that count a request's tries together
   */
  Pod(HostPort at, String backend, int number, String group, TrafficLog log) throws IOException {
    this.backend = backend;
    this.name = backend + "-" + number;
    this.group = group;
    this.log = log;
    server = TcpServer.http1(at, this::respond);
  }

  private boolean respond(Http1Exchange exchange, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    String id = exchange.header("x-test-request");
    if (exchange.header("upgrade").equalsIgnoreCase("websocket")) {
      log.add(received(exchange, id, "", true));
      exchange.switchTo(WebSocketEcho.accept(exchange.header("sec-websocket-key")));
      WebSocketEcho.run(in, out);
      return false;
    }
    Digest digest = new Digest();
    boolean whole = read(exchange.body(), digest);
    log.add(received(exchange, id, digest.text(), whole));
    if (!whole) {
      return false;
    }
    PodInstructions instructions = PodInstructions.parse(exchange.header(PodInstructions.HEADER));
    Thread.sleep(instructions.delayMillis());
    if (log.nextTry(id, group) <= instructions.failures()) {
      exchange.respond(
          instructions.failure(),
          "text/plain",
          served(),
          "failed as instructed".getBytes(StandardCharsets.UTF_8));
      return true;
    }
    boolean complete = instructions.chunks() > 1 || instructions.trailers() || instructions.cut()
        ? inChunks(exchange, instructions)
        : atOnce(exchange, instructions);
    return complete && !exchange.header("connection").equalsIgnoreCase("close");
  }

  private boolean atOnce(Http1Exchange exchange, PodInstructions instructions) throws IOException {
    boolean head = exchange.method().equals("HEAD");
    exchange.respond(
        200,
        "application/json",
        served(),
        head ? new byte[0] : Bodies.filler(instructions.bytes()));
    return true;
  }

  private boolean inChunks(Http1Exchange exchange, PodInstructions instructions)
      throws IOException, InterruptedException {
    if (exchange.method().equals("HEAD")) {
      return atOnce(exchange, instructions);
    }
    Map<String, String> trailers =
        instructions.trailers() ? Map.of("x-trailer", "of-the-response") : Map.of();
    OutputStream out = exchange.respondInChunks(200, "text/event-stream", served(), trailers);
    byte[] chunk = Bodies.filler(Math.max(1, instructions.bytes() / instructions.chunks()));
    for (int i = 0; i < instructions.chunks(); i++) {
      out.write(chunk);
      if (instructions.cut() && i == instructions.chunks() / 2) {
        return false;
      }
      Thread.sleep(i + 1 < instructions.chunks() ? PodInstructions.PAUSE_MS : 0);
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

  private ReceivedRequest received(Http1Exchange exchange, String id, String body, boolean whole) {
    Map<String, String> headers = new TreeMap<>();
    exchange.headers().forEach((header, values) -> headers.put(header, String.join(", ", values)));
    return new ReceivedRequest(
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
