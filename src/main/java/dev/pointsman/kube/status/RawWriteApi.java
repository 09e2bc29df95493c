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

/** Calls of the API server over fabric8's connection, with plain JSON. */
final class RawWriteApi implements WriteApi, AutoCloseable {
  /** The timeout of a call. Together with {@code Timing.renew} it is shorter than a lease. */
  static final Duration TIMEOUT = Duration.ofSeconds(4);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final KubernetesClient connection;
  private final Client client;

  RawWriteApi(Config config) {
    connection = new KubernetesClientBuilder().withConfig(config).build();
    client = connection.newClient(new RequestConfigBuilder()
        .withRequestTimeout((int) TIMEOUT.toMillis())
        .withRequestRetryBackoffLimit(0) // callers retry, because leadership may be lost by then
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
  public WriteResult create(String path, JsonNode object) {
    return write("POST", path, JSON.writeValueAsString(object));
  }

  @Override
  public WriteResult replace(String path, JsonNode object) {
    return write("PUT", path, JSON.writeValueAsString(object));
  }

  @Override
  public WriteResult delete(String path) {
    return write("DELETE", path, null);
  }

  private WriteResult write(String method, String path, @Nullable String body) {
    try {
      @Nullable String answer = client.raw(path, method, body);
      return answer == null ? new WriteResult.Gone() : new WriteResult.Done(JSON.readTree(answer));
    } catch (KubernetesClientException e) {
      if (isTerminating(e)) {
        return new WriteResult.Gone();
      }
      return switch (e.getCode()) {
        case 409 -> new WriteResult.Conflict();
        case 404 -> new WriteResult.Gone();
        default -> throw failed(method, path, e);
      };
    } catch (JacksonException e) {
      throw new WriteFailure(0, method + " " + path + ": the answer is not JSON", e);
    } catch (UncheckedIOException e) {
      throw unsent(method, path, e);
    }
  }

  /** The failure of a call that was not sent because the token file cannot be read; a retry may succeed. */
  private static WriteFailure unsent(String method, String path, UncheckedIOException e) {
    return new WriteFailure(0, method + " " + path + ": not sent: " + e.getMessage(), e);
  }

  /** Whether the write was rejected because the namespace is being deleted, and the object with it. */
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
