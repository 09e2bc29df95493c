package dev.pointsman.kube.status;

import io.fabric8.kubernetes.client.Client;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API server through fabric8's connection, with our JSON in and out. */
final class RawWriteApi implements WriteApi, AutoCloseable {
  /** With the time that a leader writes after its last renewal, less than a lease lasts. */
  static final Duration TIMEOUT = Duration.ofSeconds(4);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final KubernetesClient connection;
  private final Client client;

  RawWriteApi(Config config) {
    connection = new KubernetesClientBuilder().withConfig(config).build();
    client = connection.newClient(new RequestConfigBuilder()
        .withRequestTimeout((int) TIMEOUT.toMillis())
        .withRequestRetryBackoffLimit(
            0) // we try again ourselves, and may not lead any more by then
        .build());
  }

  @Override
  public Optional<JsonNode> get(String path) {
    try {
      return Optional.ofNullable(client.raw(path, "GET", null)).map(JSON::readTree);
    } catch (KubernetesClientException e) {
      if (e.getCode() == 404) {
        return Optional.empty();
      }
      throw failed("GET", path, e);
    } catch (JacksonException e) {
      throw new WriteFailure(0, "GET " + path + ": the answer is not JSON", e);
    } catch (UncheckedIOException e) {
      throw unsent("GET", path, e);
    }
  }

  @Override
  public Written create(String path, JsonNode object) {
    return write("POST", path, JSON.writeValueAsString(object));
  }

  @Override
  public Written replace(String path, JsonNode object) {
    return write("PUT", path, JSON.writeValueAsString(object));
  }

  @Override
  public Written delete(String path) {
    return write("DELETE", path, null);
  }

  private Written write(String method, String path, @Nullable String body) {
    try {
      @Nullable String answer = client.raw(path, method, body);
      return answer == null ? new Written.Gone() : new Written.Done(JSON.readTree(answer));
    } catch (KubernetesClientException e) {
      if (isTerminating(e)) {
        return new Written.Gone();
      }
      return switch (e.getCode()) {
        case 409 -> new Written.Conflict();
        case 404 -> new Written.Gone();
        default -> throw failed(method, path, e);
      };
    } catch (JacksonException e) {
      throw new WriteFailure(0, method + " " + path + ": the answer is not JSON", e);
    } catch (UncheckedIOException e) {
      throw unsent(method, path, e);
    }
  }

  /** A call that never left, because the file with the token cannot be read: it may be back a moment later. */
  private static WriteFailure unsent(String method, String path, UncheckedIOException e) {
    return new WriteFailure(0, method + " " + path + ": not sent: " + e.getMessage(), e);
  }

  /** Whether nothing new can be written because the namespace is being deleted, and the object with it. */
  private static boolean isTerminating(KubernetesClientException e) {
    return e.getCode() == 403
        && e.getStatus() != null
        && e.getStatus().getDetails() != null
        && e.getStatus().getDetails().getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  @Override
  public void close() {
    connection.close();
  }

  private static WriteFailure failed(String method, String path, KubernetesClientException e) {
    String why = e.getStatus() != null && e.getStatus().getMessage() != null
        ? e.getStatus().getMessage()
        : e.getCause() != null ? e.getMessage() + " " + e.getCause() : e.getMessage();
    return new WriteFailure(e.getCode(), method + " " + path + ": " + why, e);
  }
}
