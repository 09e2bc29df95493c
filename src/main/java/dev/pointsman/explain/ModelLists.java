package dev.pointsman.explain;

import dev.pointsman.explain.RequestEnd.Answered;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The list of models that a host responds with. */
final class ModelLists {
  private static final String ONE = "/v1/models/";

  private ModelLists() {}

  static RequestEnd answer(String list, String path) {
    if (path.length() <= ONE.length()) {
      return new Answered(200, "", "the gateway lists its models");
    }
    String model = decoded(path.substring(ONE.length()));
    return names(list, model)
        ? new Answered(200, "", "the gateway names the model")
        : new Answered(404, "model_not_found", "the gateway's list of models has no such model");
  }

  private static boolean names(String list, String model) {
    try {
      for (JsonNode one : JsonMapper.shared().readTree(list).path("data")) {
        if (one.path("id").asString().equals(model)) {
          return true;
        }
      }
      return false;
    } catch (JacksonException _) {
      return false;
    }
  }

  private static String decoded(String path) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      if (low >= 0) {
        decoded.write(high * 16 + low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }
}
