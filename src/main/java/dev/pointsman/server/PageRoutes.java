package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The page for people and its data, for {@link LocalClients}. Nothing here changes anything. */
final class PageRoutes {
  /** The path of recordings, which have more of the configuration than the page shows. */
  private static final String RECORDING = "/debug/recording";

  private final LocalClients clients;
  private final PageData data;
  private final ChangeStream changes;
  private final XdsPage xds;
  private final ExplainPage explain;
  private final RecordingPage recording;

  PageRoutes(
      LocalClients clients,
      PageData data,
      ChangeStream changes,
      XdsPage xds,
      ExplainPage explain,
      RecordingPage recording) {
    this.clients = clients;
    this.data = data;
    this.changes = changes;
    this.xds = xds;
    this.explain = explain;
    this.recording = recording;
  }

  /** The answer to a request that is for none of the paths, or from a client that may not ask. */
  Optional<PageResponse> refusal(HttpExchange exchange) {
    PageResponse.protect(exchange.getResponseHeaders());
    String path = exchange.getRequestURI().getPath();
    if (PageFiles.of(path).isEmpty() && !path.startsWith("/debug/")) {
      return Optional.of(PageResponse.text(404, "not found: use /, /healthz, /readyz or /metrics"));
    }
    LocalClients may = path.equals(RECORDING) ? LocalClients.ONLY : clients;
    return may.refusal(exchange).map(reason -> PageResponse.text(403, reason));
  }

  /** Answers a request without a {@link #refusal}. */
  void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/debug/explain")) {
      explain.answer(exchange).send(exchange);
    } else if (!exchange.getRequestMethod().equals("GET")) {
      PageResponse.text(405, "use GET").send(exchange);
    } else if (path.equals("/debug/changes")) {
      changes.send(exchange);
    } else if (path.equals(RECORDING)) {
      recording.answer(exchange);
    } else {
      PageFiles.of(path).orElseGet(() -> answer(path, exchange)).send(exchange);
    }
  }

  private PageResponse answer(String path, HttpExchange exchange) {
    try {
      return switch (path) {
        case "/debug/topology" -> PageResponse.json(data.json());
        case "/debug/xds" -> xds.answer(query(exchange));
        default ->
          PageResponse.text(
              404,
              "not found: use /debug/topology, /debug/changes, /debug/xds, /debug/explain or /debug/recording");
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return PageResponse.text(503, "stopping");
    }
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new HashMap<>();
    String raw = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    for (String parameter : raw.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals > 0) {
        query.put(
            parameter.substring(0, equals),
            URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }
}
