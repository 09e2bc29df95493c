package dev.pointsman.kube.api;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GET requests to the API server, with bodies as streams. */
final class ApiServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long ANSWER_SECONDS = 30;
  private static final int LONGEST_REASON = 64 << 10;

  private final HttpClient http;
  private final String url;

  ApiServer(ApiAccess access) {
    http = access.client();
    url = access.url();
  }

  /**
   * Asks, and waits until the answer begins.
   *
   * @param path with its query
   * @return the body of a 200, to be closed
   * @throws ApiException when the answer is another one
   * @throws IOException when there is no answer
   */
  InputStream get(String path) throws IOException {
    CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(
        http.newHttpRequestBuilder()
            .uri(url + path)
            .header("Accept", "application/json")
            .forStreaming()
            .build(),
        InputStream.class);
    HttpResponse<InputStream> response = await(answer);
    if (response.isSuccessful()) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw new ApiException(
          response.code(), reason(body.readNBytes(LONGEST_REASON)), retryAfter(response));
    }
  }

  private static HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> answer) throws IOException {
    try {
      return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof IOException io ? io : new IOException(said(cause), cause);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + ANSWER_SECONDS + " s", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }

  private static String said(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** The message of a Status object, or what else is written there. */
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
    http.close();
  }
}
