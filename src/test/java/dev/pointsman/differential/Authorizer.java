package dev.pointsman.differential;

import dev.pointsman.config.HostPort;
import dev.pointsman.rig.Http1Exchange;
import dev.pointsman.rig.TcpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A user's authorizer (ext_authz over HTTP), which says what it saw in a header for the pod, or for the client. */
final class Authorizer {
  /** The header: method, path and size of the body. */
  static final String SAW = "x-saw";
  /** The same for the model's header; {@code -} without one. */
  static final String SAW_MODEL = "x-saw-model";

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
    Map<String, String> answer = new TreeMap<>(Map.of(
        SAW,
        saw,
        SAW_MODEL,
        exchange.headers().getOrDefault(Head.MODEL, List.of("-")).getFirst()));
    if (passes) {
      answer.put("x-user", "alice");
    }
    exchange.respond(
        passes ? 200 : 403,
        "text/plain",
        answer,
        (passes ? "" : "no token").getBytes(StandardCharsets.UTF_8));
  }
}
