package dev.pointsman.kube.api;

import java.io.InputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The metadata of one page of a list.
 *
 * @param next the continue token of the next page; empty after the last
 * @param resourceVersion the resource version at which the watch begins
 */
record ListPage(String next, String resourceVersion) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Reads a page.
   *
   * @param objects called for each object as soon as it is read; the objects have no kind
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
