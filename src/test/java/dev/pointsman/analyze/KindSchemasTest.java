package dev.pointsman.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The schemas that objects are compared with are those of the definitions; {@code hack/schemas.sh} writes them. */
class KindSchemasTest {
  @Test
  void ourPolicyHasTheFieldsOfItsDefinition() throws IOException {
    JsonNode version = YAMLMapper.shared()
        .readTree(Path.of("charts/pointsman/crds/inferencepolicies.pointsman.dev.yaml")
            .toFile())
        .at("/spec/versions/0");
    JsonNode defined = version.at("/schema/openAPIV3Schema/properties/spec");
    try (InputStream file =
        KindSchemas.class.getResourceAsStream("InferencePolicy.pointsman.dev.schema.json")) {
      JsonNode known =
          JsonMapper.shared().readTree(file).path(version.path("name").asString());
      assertThat(fields(known, "spec"))
          .as("fields; if the definition has changed: hack/schemas.sh")
          .hasSizeGreaterThan(50)
          .isEqualTo(fields(defined, "spec"));
    }
  }

  @Test
  void allPatternsAreThoseOfTheApiServersEngine() throws IOException {
    Set<String> patterns = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/pointsman/analyze"))) {
      for (Path file : files.toList()) {
        JsonMapper.shared().readTree(file).findValues("pattern").stream()
            .filter(JsonNode::isString)
            .forEach(pattern -> patterns.add(pattern.asString()));
      }
    }
    assertThat(patterns).hasSizeGreaterThan(20).allSatisfy(Pattern::compile);
  }

  /** The paths of all fields, and the limits of their values. */
  private static Set<String> fields(JsonNode schema, String path) {
    Set<String> fields = new TreeSet<>();
    for (String limit : Set.of("maximum", "maxItems", "maxLength", "enum", "pattern", "required")) {
      if (schema.has(limit)) {
        fields.add(path + " " + limit + " " + schema.path(limit));
      }
    }
    fields.add(path + " " + schema.path("type").asString(""));
    schema
        .path("properties")
        .properties()
        .forEach(one -> fields.addAll(fields(one.getValue(), path + "." + one.getKey())));
    if (schema.has("items")) {
      fields.addAll(fields(schema.path("items"), path + "[]"));
    }
    if (schema.path("additionalProperties").isObject()) {
      fields.addAll(fields(schema.path("additionalProperties"), path + "{}"));
    }
    return fields;
  }
}
