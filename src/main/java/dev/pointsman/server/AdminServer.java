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

/** The admin port: {@code /healthz}, {@code /readyz}, {@code /metrics}, and the page for people. */
final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** The contents of the pages. */
  record Pages(
      Liveness liveness,
      Supplier<Readiness.Report> readiness,
      Supplier<String> metrics,
      PageRoutes people) {}

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
          send(
              exchange,
              failure.isEmpty() ? 200 : 503,
              PageResponse.TEXT,
              failure.orElse("ok") + "\n");
        }
        case "/readyz" -> {
          Readiness.Report report = pages.readiness().get();
          int status = report.ready() ? 200 : 503;
          if (accepts(exchange, PageResponse.JSON)) {
            send(exchange, status, PageResponse.JSON, report.json() + "\n");
          } else {
            send(exchange, status, PageResponse.TEXT, report.text() + "\n");
          }
        }
        case "/metrics" -> send(exchange, 200, PROMETHEUS, pages.metrics().get());
        default -> pages.people().answer(exchange);
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
    new PageResponse(status, type, text.getBytes(StandardCharsets.UTF_8)).send(exchange);
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
