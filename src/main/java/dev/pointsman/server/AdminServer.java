package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin port: {@code /healthz}, {@code /readyz}, {@code /metrics}, and the page for people. */
final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  /** Connections that wait to be accepted: with the JDK's 50, a probe beside a few hundred new clients waits a second. */
  private static final int BACKLOG = 1_024;

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** The contents of the pages. */
  record Pages(
      Liveness liveness,
      Supplier<Readiness.Report> readiness,
      Supplier<String> metrics,
      PageRoutes people) {}

  private final HttpServer http;
  private final AdminRequests requests;
  private final Pages pages;

  private AdminServer(HttpServer http, AdminRequests requests, Pages pages) {
    this.http = http;
    this.requests = requests;
    this.pages = pages;
  }

  static AdminServer start(HostPort address, Pages pages) {
    try {
      AdminRequests requests = AdminRequests.limited(); // before the first HttpServer
      HttpServer http = HttpServer.create(address.socketAddress(), BACKLOG);
      AdminServer admin = new AdminServer(http, requests, pages);
      http.createContext("/", admin::answer);
      http.setExecutor(requests);
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
    requests.arrived();
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
        default -> {
          Optional<PageResponse> refusal = pages.people().refusal(exchange);
          if (refusal.isPresent()) {
            refusal.get().send(exchange);
          } else {
            requests.mayTakeLong();
            pages.people().answer(exchange);
          }
        }
      }
      // The JDK's server hides a failure of its own close, and would count the connection for ever.
      exchange.getResponseBody().close();
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
