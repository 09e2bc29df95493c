package dev.pointsman.rig;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The answers of a model server beside {@link Completions}: OpenAI's embeddings and responses, Anthropic's messages. */
record OtherApis(String pod, String path, String model) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String RESPONSES = "/v1/responses";
  private static final String MESSAGES = "/v1/messages";

  static boolean have(String path) {
    return Set.of(EMBEDDINGS, RESPONSES, MESSAGES).contains(path);
  }

  static OtherApis answering(String pod, String path, JsonNode request) {
    return new OtherApis(pod, path, request.path("model").asString(""));
  }

  /** The whole answer. */
  ObjectNode whole() {
    return switch (path) {
      case EMBEDDINGS -> embeddings();
      case RESPONSES -> response(true);
      default -> message(text());
    };
  }

  /** The answer as server-sent events, with their names. */
  List<String> events() {
    return path.equals(RESPONSES) ? responseEvents() : messageEvents();
  }

  private String text() {
    return "I am the model " + model + ", played by the pod " + pod + ".";
  }

  private ObjectNode embeddings() {
    ObjectNode answer = JSON.createObjectNode().put("object", "list").put("model", model);
    ObjectNode one = answer.withArray("data").addObject();
    one.put("object", "embedding")
        .put("index", 0)
        .withArray("embedding")
        .add(0.25)
        .add(-0.5);
    answer.putObject("usage").put("prompt_tokens", 3).put("total_tokens", 3);
    return answer;
  }

  private ObjectNode response(boolean complete) {
    ObjectNode answer = JSON.createObjectNode()
        .put("id", "resp_stub")
        .put("object", "response")
        .put("created_at", 1_700_000_000)
        .put("model", model)
        .put("status", complete ? "completed" : "in_progress");
    if (complete) {
      ObjectNode message = answer.withArray("output").addObject();
      message
          .put("id", "msg_stub")
          .put("type", "message")
          .put("role", "assistant")
          .put("status", "completed")
          .withArray("content")
          .addObject()
          .put("type", "output_text")
          .put("text", text())
          .putArray("annotations");
      answer
          .putObject("usage")
          .put("input_tokens", 3)
          .put("output_tokens", 9)
          .put("total_tokens", 12);
    }
    return answer;
  }

  private ObjectNode message(String text) {
    ObjectNode answer = JSON.createObjectNode()
        .put("id", "msg_stub")
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
    if (!text.isEmpty()) {
      answer.withArray("content").addObject().put("type", "text").put("text", text);
      answer.put("stop_reason", "end_turn");
    } else {
      answer.putArray("content");
    }
    answer.putObject("usage").put("input_tokens", 3).put("output_tokens", text.isEmpty() ? 1 : 9);
    return answer;
  }

  private List<String> responseEvents() {
    ObjectNode created = event("response.created");
    created.set("response", response(false));
    ObjectNode delta = event("response.output_text.delta")
        .put("item_id", "msg_stub")
        .put("output_index", 0)
        .put("content_index", 0)
        .put("delta", text());
    ObjectNode completed = event("response.completed");
    completed.set("response", response(true));
    return List.of(named(created), named(delta), named(completed));
  }

  private List<String> messageEvents() {
    ObjectNode start = event("message_start");
    start.set("message", message(""));
    ObjectNode block = event("content_block_start").put("index", 0);
    block.putObject("content_block").put("type", "text").put("text", "");
    ObjectNode delta = event("content_block_delta").put("index", 0);
    delta.putObject("delta").put("type", "text_delta").put("text", text());
    ObjectNode stop = event("message_delta");
    stop.putObject("delta").put("stop_reason", "end_turn");
    stop.putObject("usage").put("output_tokens", 9);
    return List.of(
        named(start),
        named(block),
        named(delta),
        named(event("content_block_stop").put("index", 0)),
        named(stop),
        named(event("message_stop")));
  }

  private static ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private static String named(ObjectNode event) {
    return "event: " + event.path("type").asString("") + "\ndata: " + event;
  }
}
