package dev.pointsman.rig;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The answers of a model server, in OpenAI's format. */
final class Completions {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long CREATED = 1_700_000_000;

  private final String pod;
  private final String model;
  private final boolean chat;
  private final boolean includeUsage;

  private Completions(String pod, String path, JsonNode request) {
    this.pod = pod;
    model = request.path("model").asString("");
    chat = path.equals("/v1/chat/completions");
    includeUsage = request.at("/stream_options/include_usage").asBoolean(false);
  }

  static Completions answering(String pod, String path, JsonNode request) {
    return new Completions(pod, path, request);
  }

  /** The list of models. */
  static ObjectNode models(String pod, List<String> names) {
    ObjectNode list = JSON.createObjectNode().put("object", "list");
    for (String name : names) {
      list.withArray("data")
          .addObject()
          .put("id", name)
          .put("object", "model")
          .put("owned_by", pod);
    }
    return list;
  }

  /** The whole answer. */
  ObjectNode whole() {
    ObjectNode answer = answer(chat ? "chat.completion" : "text_completion");
    ObjectNode choice = answer.withArray("choices").addObject().put("index", 0);
    if (chat) {
      choice.putObject("message").put("role", "assistant").put("content", text());
    } else {
      choice.put("text", text());
    }
    choice.put("finish_reason", "stop");
    putUsage(answer);
    return answer;
  }

  private static void putUsage(ObjectNode answer) {
    answer
        .putObject("usage")
        .put("prompt_tokens", 3)
        .put("completion_tokens", 9)
        .put("total_tokens", 12);
  }

  /** The answer word by word, as the payloads of server-sent events. */
  List<String> pieces() {
    List<String> pieces = new ArrayList<>();
    for (String word : text().split("(?<= )")) {
      ObjectNode piece = answer(chat ? "chat.completion.chunk" : "text_completion");
      ObjectNode choice = piece.withArray("choices").addObject().put("index", 0);
      if (chat) {
        choice.putObject("delta").put("content", word);
      } else {
        choice.put("text", word);
      }
      pieces.add(piece.toString());
    }
    if (includeUsage) {
      ObjectNode last = answer(chat ? "chat.completion.chunk" : "text_completion");
      last.putArray("choices");
      putUsage(last);
      pieces.add(last.toString());
    }
    pieces.add("[DONE]");
    return pieces;
  }

  private ObjectNode answer(String object) {
    return JSON.createObjectNode()
        .put("id", "chatcmpl-stub")
        .put("object", object)
        .put("created", CREATED)
        .put("model", model);
  }

  private String text() {
    return "I am the model " + model + ", played by the pod " + pod + ".";
  }
}
