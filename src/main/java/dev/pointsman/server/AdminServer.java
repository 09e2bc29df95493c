package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** The admin port: {@code /healthz} and {@code /readyz}, in plain words. */
final class AdminServer implements AutoCloseable {
  private final HttpServer http;
  private final Readiness readiness;

  private AdminServer(HttpServer http, Readiness readiness) {
    this.http = http;
    this.readiness = readiness;
  }

  static AdminServer start(HostPort address, Readiness readiness) {
    try {
      HttpServer http = HttpServer.create(address.socketAddress(), 0);
      AdminServer admin = new AdminServer(http, readiness);
      http.createContext("/", admin::answer);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.start();
      return admin;
    } catch (IOException e) {
      throw GrpcPorts.cannotListen("--admin-address", address, e);
    }
  }

  int port() {
    return http.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/healthz" -> send(exchange, 200, "ok");
        case "/readyz" -> send(exchange, readiness.isReady() ? 200 : 503, readiness.said());
        default -> send(exchange, 404, "there are /healthz and /readyz");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
