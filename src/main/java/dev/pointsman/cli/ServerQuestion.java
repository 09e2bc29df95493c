package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.StartFailure;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A question to the admin port of a running server. */
final class ServerQuestion {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private ServerQuestion() {}

  /** Refuses an option {@code --server} that is no address of an admin port. */
  static void requireAdminPort(URI server) {
    if (server.getHost() == null || !"http".equals(server.getScheme())) {
      throw new BadInput("--server " + server + ": use http://HOST:PORT of the admin port");
    }
  }

  /** The reason of a failed request in words. */
  static String reason(IOException e) {
    return switch (e) {
      case HttpTimeoutException _ -> "no response in time";
      case ConnectException _
      when e.getCause() instanceof UnresolvedAddressException -> "the name has no address";
      case ConnectException _ -> "no connection; does it listen there?";
      default -> e.getMessage() == null ? "the connection failed" : e.getMessage();
    };
  }

  /** The explanation of one server. */
  static Explanation ask(URI server, Question question) throws InterruptedException {
    return ask(server, "/debug/explain", question, new TypeReference<>() {});
  }

  /** The answers of all Gateways that one server knows. */
  static List<GatewayAnswer> answers(URI server, Question question) throws InterruptedException {
    return ask(server, "/debug/explain?gateways=each", question, new TypeReference<>() {});
  }

  private static <T> T ask(URI server, String path, Question question, TypeReference<T> type)
      throws InterruptedException {
    requireAdminPort(server);
    HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
        .timeout(ANSWER)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(question)))
        .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return switch (response.statusCode()) {
        case 200 -> JsonMapper.shared().readValue(response.body(), type);
        case 400 -> throw new BadInput(response.body().strip());
        default ->
          throw new StartFailure(server + " responds " + response.statusCode() + ": "
              + response.body().strip());
      };
    } catch (IOException unreachable) {
      throw new StartFailure(
          "cannot reach " + server + ": " + reason(unreachable)
              + ". In Kubernetes: kubectl -n envoy-gateway-system port-forward deployment/pointsman 8080",
          unreachable);
    } catch (JacksonException other) {
      throw new StartFailure(
          server
              + " responds with an explanation of another version: use pointsman explain of the server's version",
          other);
    }
  }
}
