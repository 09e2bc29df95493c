package dev.pointsman.kube.api;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends GET requests to the API server. The bodies are streams that end after too long a silence. */
final class ApiServer implements AutoCloseable {
  /**
   * The longest silence of a connection. The API server sends a bookmark on a watch each minute; without one the
   * connection may be dead, and nothing else reports it. The API server sends no bookmarks for kinds that have not
   * changed since its start: their watches just restart.
   */
  static final Duration SILENCE = Duration.ofSeconds(90);

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long ANSWER_SECONDS = 30;
  private static final int LONGEST_REASON = 64 << 10;

  private final HttpClient http;
  private final String url;
  private final Set<Body> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("silent-connections").factory());

  ApiServer(ApiAccess access, Duration silence) {
    http = access.client();
    url = access.url();
    long look = silence.toNanos() / 10;
    clock.scheduleWithFixedDelay(
        () -> open.forEach(body -> body.endAfter(silence)), look, look, TimeUnit.NANOSECONDS);
  }

  /** A body that records the time of the last byte. */
  private final class Body extends FilterInputStream {
    private volatile long heardAt = System.nanoTime();
    private volatile boolean silent;

    Body(InputStream body) {
      super(body);
      open.add(this);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        int count = super.read(into, offset, length);
        heardAt = System.nanoTime();
        return count;
      } catch (IOException e) {
        if (silent) {
          return -1; // as at a regular end of the body
        }
        throw e;
      }
    }

    private void endAfter(Duration silence) {
      if (System.nanoTime() - heardAt > silence.toNanos()) {
        silent = true;
        try {
          close();
        } catch (IOException | RuntimeException e) {
          LOG.debug("closing a silent connection", e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      if (open.remove(this)) {
        super.close();
      }
    }
  }

  /**
   * Sends a request and waits for the head of the response.
   *
   * @param path with its query
   * @return the body of a 200; the caller closes it
   * @throws ApiException when the response has another status
   * @throws IOException when there is no response
   */
  InputStream get(String path) throws IOException {
    HttpResponse<InputStream> response = send(path, "application/json");
    InputStream body = new Body(response.body());
    if (response.isSuccessful()) {
      return body;
    }
    try (body) {
      throw new ApiException(
          response.code(), reason(body.readNBytes(LONGEST_REASON)), retryAfter(response));
    }
  }

  /**
   * The body of a page behind the API server, whatever its status is.
   *
   * @throws ApiException when the API server itself responds
   */
  String text(String path, String accept) throws IOException {
    HttpResponse<InputStream> response = send(path, accept);
    try (InputStream body = new Body(response.body())) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      if (!response.isSuccessful() && text.contains("\"kind\":\"Status\"")) {
        throw new ApiException(
            response.code(), reason(text.getBytes(StandardCharsets.UTF_8)), retryAfter(response));
      }
      return text;
    }
  }

  private HttpResponse<InputStream> send(String path, String accept) throws IOException {
    return await(http.sendAsync(
        http.newHttpRequestBuilder()
            .uri(url + path)
            .header("Accept", accept)
            .forStreaming()
            .build(),
        InputStream.class));
  }

  private static HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> answer) throws IOException {
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof IOException io ? io : new IOException(message(cause), cause);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + ANSWER_SECONDS + " s", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }

  private static String message(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** The message of a Status object, or the beginning of any other body. */
  private static String reason(byte[] body) {
    try {
      JsonNode status = JSON.readTree(body);
      return status.path("message").asString("");
    } catch (JacksonException notJson) {
      return new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    String seconds = response.header("Retry-After");
    return seconds != null && seconds.matches("\\d{1,4}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
        : Optional.empty();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    http.close();
  }
}
