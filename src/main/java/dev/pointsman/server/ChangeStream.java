package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * {@code GET /debug/changes}: server-sent events with the number of the page's data, at most one a second, to a limited
 * number of listeners. A comment now and then finds listeners that have gone.
 */
final class ChangeStream {
  private static final int MOST_LISTENERS = 16;
  private static final Duration BETWEEN = Duration.ofSeconds(1);
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private final PageVersion version;
  private final Semaphore free = new Semaphore(MOST_LISTENERS);

  ChangeStream(PageVersion version) {
    this.version = version;
  }

  /** Sends events until the client or the server ends. */
  void send(HttpExchange exchange) throws IOException {
    if (!free.tryAcquire()) {
      PageResponse.text(503, "the page is open " + MOST_LISTENERS + " times: close one")
          .send(exchange);
      return;
    }
    try {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      events(exchange.getResponseBody());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      free.release();
    }
  }

  private void events(OutputStream body) throws IOException, InterruptedException {
    long sent = 0;
    while (!version.isClosed()) {
      long now = version.after(sent, SILENCE);
      body.write(
          (now == sent ? ":\n\n" : "data: " + now + "\n\n").getBytes(StandardCharsets.UTF_8));
      body.flush();
      if (now != sent) {
        sent = now;
        version.pause(BETWEEN);
      }
    }
  }
}
