package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.UnclearRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /debug/explain}: a {@link Question} in JSON, its explanation in JSON. Explanations tell conditions and
 * addresses of all tenants, so only processes of the same host may ask, as with {@code kubectl port-forward}; a page in a
 * browser there may not, whatever name it gives to the host.
 */
final class ExplainPage {
  private static final int LARGEST = 32 << 20;
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  private final LastTranslations translations;

  ExplainPage(LastTranslations translations) {
    this.translations = translations;
  }

  /** A response of the page. */
  record PageResponse(int status, String text) {}

  PageResponse answer(HttpExchange exchange) throws IOException {
    if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress() || !isLocal(exchange)) {
      return new PageResponse(403, "only for connections from this host: use kubectl port-forward");
    }
    if (!exchange.getRequestMethod().equals("POST")
        || !"application/json".equals(exchange.getRequestHeaders().getFirst("content-type"))) {
      return new PageResponse(405, "use POST with a question in JSON, or pointsman explain");
    }
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST);
    try {
      JsonMapper json = JsonMapper.shared();
      Question question = json.readValue(body, Question.class);
      if (question == null) {
        return new PageResponse(400, "the question is empty");
      }
      return new PageResponse(200, json.writeValueAsString(translations.explain(question)));
    } catch (JacksonException invalid) {
      return new PageResponse(
          400, "the question is not of this version: " + invalid.getOriginalMessage());
    } catch (UnclearRequest unclear) {
      return new PageResponse(400, String.valueOf(unclear.getMessage()));
    }
  }

  private static boolean isLocal(HttpExchange exchange) {
    String host =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("host")).orElse("");
    return LOCAL.contains(host.replaceAll(":\\d+$", ""));
  }
}
