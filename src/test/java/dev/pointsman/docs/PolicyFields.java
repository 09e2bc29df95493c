package dev.pointsman.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The fields of an InferencePolicy's {@code spec}, by its CustomResourceDefinition. */
final class PolicyFields {
  private static final Path CRD =
      Path.of("charts/pointsman/crds/inferencepolicies.pointsman.dev.yaml");

  private final StringBuilder rows = new StringBuilder();

  private PolicyFields() {}

  static String table() throws IOException {
    JsonNode spec = YAMLMapper.shared()
        .readTree(Files.readString(CRD))
        .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    PolicyFields fields = new PolicyFields();
    fields.append("", spec);
    return "| field of `spec` | type | meaning |\n|---|---|---|\n" + fields.rows;
  }

  private void append(String path, JsonNode schema) {
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asString()));
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      JsonNode value = property.getValue();
      String name = path + property.getKey();
      rows.append("| `%s` | %s | %s |\n"
          .formatted(name, type(value), meaning(value, required.contains(property.getKey()))));
      append(name + ".", value);
      append(name + "[].", value.path("items"));
    }
  }

  private static String type(JsonNode schema) {
    String type = schema.path("type").asString("integer or string");
    return type.equals("array") ? "list of " + type(schema.path("items")) : type;
  }

  private static String meaning(JsonNode schema, boolean required) {
    List<String> parts = new ArrayList<>();
    if (required) {
      parts.add("Required.");
    }
    if (schema.has("description")) {
      parts.add(schema.path("description").asString().strip().replace("|", "\\|"));
    }
    JsonNode values = schema.has("enum") ? schema.path("enum") : schema.at("/items/enum");
    if (!values.isMissingNode()) {
      List<String> names = new ArrayList<>();
      values.forEach(one -> names.add(code(one)));
      parts.add("Values: " + String.join(", ", names) + ".");
    }
    if (schema.has("minimum") || schema.has("maximum")) {
      parts.add(range(schema));
    }
    if (schema.has("maxItems")) {
      parts.add("At most " + schema.path("maxItems").asInt() + ".");
    }
    if (schema.has("maxLength")) {
      parts.add("At most " + schema.path("maxLength").asInt() + " characters.");
    }
    if (schema.has("default")) {
      parts.add("Default: " + code(schema.path("default")) + ".");
    }
    return String.join(" ", parts);
  }

  private static String range(JsonNode schema) {
    String from = schema.path("minimum").asString("");
    String to = schema.path("maximum").asString("");
    return to.isEmpty() ? "From " + from + "." : "From " + from + " to " + to + ".";
  }

  private static String code(JsonNode value) {
    String text = value.asString();
    return text.isEmpty() ? "`\"\"`" : "`" + text + "`";
  }
}
