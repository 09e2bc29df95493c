package dev.pointsman.analyze;

import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.regex.RegularExpression;
import dev.pointsman.kube.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The schemas of the kinds that users write, as the supported versions of their projects have them ({@code
 * hack/schemas.sh}). They are read when an object of the kind is there.
 */
final class KindSchemas {
  /** With the API server's engine of patterns, RE2: the JDK's overflows the stack on long values. */
  private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
      SpecificationVersion.DRAFT_4,
      registry -> registry.schemaRegistryConfig(SchemaRegistryConfig.builder()
          .regularExpressionFactory(KindSchemas::pattern)
          .build()));

  private final Map<String, JsonNode> versionsByKind = new HashMap<>();
  private final Map<JsonNode, Schema> schemas = new IdentityHashMap<>();

  /**
   * A part of an object that the API server does not take.
   *
   * @param path of the field
   * @param message about it, beginning with a verb
   */
  record SchemaProblem(String path, String message) {}

  /** The versions of a kind with the schemas of their specs; empty if the kind is not known. */
  Optional<JsonNode> versions(Manifest manifest) {
    String kind = manifest.object().kind() + "." + manifest.object().group();
    JsonNode versions = versionsByKind.computeIfAbsent(kind, KindSchemas::read);
    return versions.isEmpty() ? Optional.empty() : Optional.of(versions);
  }

  private static RegularExpression pattern(String text) {
    Pattern pattern = Pattern.compile(text);
    return value -> pattern.matcher(value).find();
  }

  private static JsonNode read(String kind) {
    try (InputStream file = KindSchemas.class.getResourceAsStream(kind + ".schema.json")) {
      return file == null
          ? JsonMapper.shared().createObjectNode()
          : JsonMapper.shared().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The parts of a spec that do not fit its schema; fields that the schema does not have are not among them. */
  List<SchemaProblem> problems(JsonNode spec, JsonNode schema) {
    List<SchemaProblem> problems = new ArrayList<>();
    for (Error error : schemas.computeIfAbsent(schema, REGISTRY::getSchema).validate(spec)) {
      problems.add(new SchemaProblem(path(error.getInstanceLocation()), words(error)));
    }
    return problems;
  }

  private static String path(NodePath location) {
    StringBuilder path = new StringBuilder("spec");
    for (int i = 0; i < location.getNameCount(); i++) {
      Object name = location.getElement(i);
      path.append(name instanceof Integer number ? "[" + number + "]" : "." + name);
    }
    return path.toString();
  }

  private static String words(Error error) {
    JsonNode is = error.getInstanceNode();
    JsonNode wanted = error.getSchemaNode();
    return switch (error.getKeyword()) {
      case "required" -> "has no " + error.getProperty() + ", which is required";
      case "type" -> "is " + shown(is) + ", and must be of type " + wanted.asString("another");
      case "enum" -> "is " + shown(is) + ", and must be one of " + wanted;
      case "pattern" -> "is " + shown(is) + ", and must match " + wanted.asString("a pattern");
      case "minimum" -> "is " + shown(is) + ", and must be at least " + wanted;
      case "maximum" -> "is " + shown(is) + ", and must be at most " + wanted;
      case "minItems", "minProperties" ->
        "has " + is.size() + " items, and must have at least " + wanted;
      case "maxItems", "maxProperties" ->
        "has " + is.size() + " items, and must have at most " + wanted;
      case "minLength" -> "is too short: it must have at least " + wanted + " characters";
      case "maxLength" -> "is too long: it must have at most " + wanted + " characters";
      default -> "does not fit the schema: " + error.getMessage();
    };
  }

  private static String shown(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case NULL, MISSING -> "empty";
      default -> {
        String text = node.toString();
        yield text.length() > 80 ? text.substring(0, 80) + "..." : text;
      }
    };
  }
}
