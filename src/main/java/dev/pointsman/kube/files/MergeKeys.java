package dev.pointsman.kube.files;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Merge keys of YAML ({@code <<: *name}, {@code <<: [*one, *other]}): fields that a mapping takes from others. */
final class MergeKeys {
  /** The beginning of the name of a merge key, which nobody writes. */
  static final String PREFIX = "\u0000<<";

  private MergeKeys() {}

  /** Puts the merged fields in place; a mapping's own fields come first, then those of the first mapping that it names. */
  static void resolve(JsonNode node) {
    node.values().forEach(MergeKeys::resolve);
    if (node instanceof ObjectNode object) {
      List<String> keys = object
          .propertyStream()
          .map(one -> one.getKey())
          .filter(name -> name.startsWith(PREFIX))
          .toList();
      List<JsonNode> merged = new ArrayList<>();
      for (String key : keys) {
        JsonNode value = object.remove(key);
        if (value.isArray()) {
          value.values().forEach(merged::add);
        } else {
          merged.add(value);
        }
      }
      merged.forEach(one ->
          one.properties().forEach(field -> object.putIfAbsent(field.getKey(), field.getValue())));
    }
  }
}
