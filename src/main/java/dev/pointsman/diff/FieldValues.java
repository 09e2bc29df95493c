package dev.pointsman.diff;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The values of an object's fields by their paths: {@code spec.ports[http].port}. Items of lists have their names, if all have. */
final class FieldValues {
  private FieldValues() {}

  /** Adds the values at a path and below it. */
  static void of(JsonNode node, String path, Map<String, String> values) {
    if (node.isObject() && !node.isEmpty()) {
      node.propertyStream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(field -> of(
              field.getValue(),
              path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
              values));
    } else if (node.isArray() && !node.isEmpty()) {
      boolean named = node.valueStream()
              .map(FieldValues::name)
              .distinct()
              .filter(one -> !one.isEmpty())
              .count()
          == node.size();
      for (int i = 0; i < node.size(); i++) {
        of(node.path(i), path + "[" + (named ? name(node.path(i)) : i) + "]", values);
      }
    } else if (!node.isNull() && !node.isMissingNode()) {
      values.put(path, node.isString() ? node.asString() : node.toString());
    }
  }

  private static String name(JsonNode item) {
    return item.path("name").asString("");
  }
}
