package dev.pointsman.analyze;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Compares objects with the structural schemas of their definitions. */
final class SchemaFields {
  private SchemaFields() {}

  /** The paths of the fields that the API server drops, because the schema does not have them. */
  static List<String> unknown(JsonNode value, JsonNode schema, String path) {
    List<String> unknown = new ArrayList<>();
    add(value, schema, path, unknown);
    return unknown;
  }

  private static void add(JsonNode value, JsonNode schema, String path, List<String> unknown) {
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        add(value.path(i), schema.path("items"), path + "[" + i + "]", unknown);
      }
      return;
    }
    boolean closed = schema.has("properties")
        && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
    if (value.isObject() && closed) {
      value.properties().forEach(field -> {
        String fieldPath = path + "." + field.getKey();
        JsonNode known = schema.path("properties").path(field.getKey());
        if (known.isMissingNode()) {
          unknown.add(fieldPath);
        } else {
          add(field.getValue(), known, fieldPath, unknown);
        }
      });
    }
  }
}
