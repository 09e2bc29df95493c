package dev.pointsman.differential;

import dev.pointsman.config.HostPort;
import dev.pointsman.rig.Http1Exchange;
import dev.pointsman.rig.TcpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A user's authorizer (ext_authz over HTTP). Its response headers, for the pod or the client, tell what it received. */
final class Authorizer {
  /** The header with method, path and size of the received body. */
  static final String RECEIVED = "x-saw";
  /** The header with the received model header; {@code -} without one. */
  static final String RECEIVED_MODEL = "x-saw-model";

  private Authorizer() {}

  static TcpServer start(HostPort at) throws IOException {
    return TcpServer.http1(at, (exchange, _, _) -> {
      long bytes = exchange.body().readAllBytes().length;
      String saw = exchange.method() + " " + exchange.target() + ", " + bytes + " bytes";
      respond(exchange, saw);
      return true;
    });
  }

  private static void respond(Http1Exchange exchange, String saw) throws IOException {
    boolean passes = exchange.header(Protection.External.HEADER).equals(Protection.External.GOOD);
    Map<String, String> response = new TreeMap<>(Map.of(
        RECEIVED,
        saw,
        RECEIVED_MODEL,
        exchange.headers().getOrDefault(RequestHeaders.MODEL, List.of("-")).getFirst()));
    if (passes) {
      response.put("x-user", "alice");
    }
    exchange.respond(
        passes ? 200 : 403,
        "text/plain",
        response,
        (passes ? "" : "no token").getBytes(StandardCharsets.UTF_8));
  }
}
