package dev.pointsman.kube.api;

import java.io.InputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one page of a list says besides its objects.
 *
 * @param next asks for the page after it; empty after the last
 * @param resourceVersion where a watch begins that misses nothing
 */
record ListPage(String next, String resourceVersion) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Reads a page.
   *
   * @param objects takes its objects, each as soon as it is read; they do not say their kind
   */
  static ListPage read(InputStream body, Consumer<ObjectNode> objects) {
    JsonNode metadata = JSON.missingNode();
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("metadata")) {
          metadata = parser.readValueAsTree();
        } else if (field.equals("items") && value == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            objects.accept(parser.readValueAsTree());
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    return new ListPage(
        metadata.path("continue").asString(""), metadata.path("resourceVersion").asString(""));
  }
}
