package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.GatewayAnswer;
import dev.pointsman.explain.UnclearRequest;
import java.io.IOException;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /debug/explain}: a {@link Question} in JSON, its explanation in JSON; with {@code ?gateways=each} the answers of
 * all Gateways, of which the asker chooses. It changes nothing.
 */
final class ExplainPage {
  private static final int LARGEST = 32 << 20;

  private final LastTranslations translations;

  ExplainPage(LastTranslations translations) {
    this.translations = translations;
  }

  PageResponse answer(HttpExchange exchange) throws IOException {
    // A form of another page cannot have this content type.
    if (!exchange.getRequestMethod().equals("POST")) {
      return PageResponse.text(405, "use POST with a question in JSON, or pointsman explain");
    }
    String type = String.valueOf(exchange.getRequestHeaders().getFirst("content-type"));
    if (!type.matches("(?i)application/json *(;.*)?")) {
      return PageResponse.text(415, "send the question with content-type: application/json");
    }
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST);
    try {
      JsonMapper json = JsonMapper.shared();
      Question question = json.readValue(body, Question.class);
      if (question == null) {
        return PageResponse.text(400, "the question is empty");
      }
      List<GatewayAnswer> answers = translations.answers(question);
      boolean isEach = "gateways=each".equals(exchange.getRequestURI().getQuery());
      return PageResponse.json(
          json.writeValueAsString(isEach ? answers : question.choice(answers)));
    } catch (JacksonException _) {
      return PageResponse.text(
          400,
          "the question is none of this version: use pointsman explain of the server's version");
    } catch (UnclearRequest unclear) {
      return PageResponse.text(400, String.valueOf(unclear.getMessage()));
    }
  }
}
