package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin port: {@code /healthz}, {@code /readyz}, {@code /metrics} and {@code /debug/explain}. */
final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** The contents of the pages. */
  record Pages(
      Liveness liveness,
      Supplier<Readiness.Report> readiness,
      Supplier<String> metrics,
      ExplainPage explain) {}

  private final HttpServer http;
  private final Pages pages;

  private AdminServer(HttpServer http, Pages pages) {
    this.http = http;
    this.pages = pages;
  }

  static AdminServer start(HostPort address, Pages pages) {
    try {
      HttpServer http = HttpServer.create(address.socketAddress(), 0);
      AdminServer admin = new AdminServer(http, pages);
      http.createContext("/", admin::answer);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.start();
      return admin;
    } catch (IOException | UnresolvedAddressException e) {
      throw GrpcPorts.cannotListen("--admin-address", address, e);
    }
  }

  int port() {
    return http.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/healthz" -> {
          Optional<String> failure = pages.liveness().failure();
          send(exchange, failure.isEmpty() ? 200 : 503, TEXT, failure.orElse("ok") + "\n");
        }
        case "/readyz" -> {
          Readiness.Report report = pages.readiness().get();
          int status = report.ready() ? 200 : 503;
          if (accepts(exchange, JSON)) {
            send(exchange, status, JSON, report.json() + "\n");
          } else {
            send(exchange, status, TEXT, report.text() + "\n");
          }
        }
        case "/metrics" -> send(exchange, 200, PROMETHEUS, pages.metrics().get());
        case "/debug/explain" -> {
          ExplainPage.PageResponse page = pages.explain().answer(exchange);
          send(exchange, page.status(), page.status() == 200 ? JSON : TEXT, page.text() + "\n");
        }
        default -> send(exchange, 404, TEXT, "not found: use /healthz, /readyz or /metrics\n");
      }
    } catch (RuntimeException e) {
      LOG.error("internal error: {} failed", exchange.getRequestURI(), e);
      throw e; // the connection is closed without a response
    }
  }

  private static boolean accepts(HttpExchange exchange, String type) {
    return exchange.getRequestHeaders().getOrDefault("Accept", List.of()).stream()
        .anyMatch(header -> header.contains(type));
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
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
