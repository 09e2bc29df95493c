package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The CustomResourceDefinition and the parser say the same. {@code hack/check-crds.sh} runs the same samples through the
 * API server's code.
 */
class InferencePolicyCrdTest {
  private static final Path FILE =
      Path.of("charts/pointsman/crds/inferencepolicies.pointsman.dev.yaml");

  static Stream<PolicySample> valid() {
    return PolicySample.in("valid");
  }

  private static JsonNode definition() throws Exception {
    return new YAMLMapper().readTree(Files.readString(FILE));
  }

  private static JsonNode schemaOfSpec() throws Exception {
    return definition().at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
  }

  /** The paths of all properties: {@code spec.mirrors[].percent}. */
  private static void collect(String path, JsonNode schema, SortedSet<String> paths) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      paths.add(path + "." + property.getKey());
      collect(path + "." + property.getKey(), property.getValue(), paths);
    }
    if (schema.has("items")) {
      collect(path + "[]", schema.path("items"), paths);
    }
  }

  /** Sets the defaults of absent fields, as the API server does. */
  private static void setDefaults(JsonNode schema, JsonNode value) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      if (value instanceof ObjectNode object && property.getValue().has("default")) {
        object.putIfAbsent(property.getKey(), property.getValue().path("default"));
      }
      setDefaults(property.getValue(), value.path(property.getKey()));
    }
    value.values().stream()
        .filter(_ -> value.isArray())
        .forEach(item -> setDefaults(schema.path("items"), item));
  }

  private static void collectUnbounded(JsonNode schema, SortedSet<String> unbounded) {
    schema.properties().forEach(entry -> {
      JsonNode child = entry.getValue();
      if (child.path("type").asString("").equals("array") && !child.has("maxItems")) {
        unbounded.add(entry.getKey());
      }
      collectUnbounded(child, unbounded);
    });
  }

  /** Unknown fields are errors here; the API server drops them in silence. */
  private static void forbidOtherFields(JsonNode schema) {
    if (schema.has("properties")) {
      ((ObjectNode) schema).put("additionalProperties", false);
    }
    schema.path("properties").forEach(InferencePolicyCrdTest::forbidOtherFields);
    if (schema.has("items")) {
      forbidOtherFields(schema.path("items"));
    }
  }

  /** The paths of all fields, as {@link #collect} has those of the schema. Labels are no fields. */
  private static void collectFields(String path, JsonNode value, SortedSet<String> paths) {
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      paths.add(path + "." + field.getKey());
      if (!field.getKey().equals("matchLabels")) {
        collectFields(path + "." + field.getKey(), field.getValue(), paths);
      }
    }
    value.values().stream()
        .filter(_ -> value.isArray())
        .forEach(item -> collectFields(path + "[]", item, paths));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void hasEveryFieldThatTheParserTakes(PolicySample sample) throws Exception {
    JsonNode schema = schemaOfSpec();
    forbidOtherFields(schema);
    assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(schema)
            .validate(sample.node().path("spec")))
        .isEmpty();
  }

  @Test
  void hasNoFieldThatTheParserPassesOver() throws Exception {
    SortedSet<String> inSchema = new TreeSet<>();
    collect("spec", schemaOfSpec(), inSchema);
    SortedSet<String> inSamples = new TreeSet<>();
    for (String name : new String[] {"route-everything", "gateway-everything"}) {
      JsonNode sample = PolicySample.valid(name).node();
      collectFields("spec", sample.path("spec"), inSamples);
      assertThat(PolicyParser.parse(sample))
          .isInstanceOfSatisfying(
              Parsed.Valid.class, parsed -> assertThat(parsed.remarks()).isEmpty());
    }
    assertThat(inSamples).isEqualTo(inSchema).hasSizeGreaterThan(40);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void hasTheSameDefaultsAsTheParser(PolicySample sample) throws Exception {
    JsonNode stored = sample.node();
    setDefaults(schemaOfSpec(), stored.path("spec"));
    assertThat(PolicyParser.parse(stored)).isEqualTo(PolicyParser.parse(sample.node()));
  }

  @Test
  void boundsEveryList() throws Exception {
    SortedSet<String> unbounded = new TreeSet<>();
    collectUnbounded(definition().path("spec"), unbounded);
    assertThat(unbounded)
        .isEmpty(); // else the API server refuses the CEL rules inside for their cost
  }

  @Test
  void isWhatUsersType() throws Exception {
    JsonNode spec = definition().path("spec");
    assertThat(spec.path("group").asString()).isEqualTo(InferencePolicy.GROUP);
    assertThat(spec.at("/names/kind").asString()).isEqualTo(InferencePolicy.KIND);
    assertThat(spec.at("/names/shortNames/0").asString()).isEqualTo("ipol");
    assertThat(InferencePolicy.GROUP + "/" + spec.at("/versions/0/name").asString())
        .isEqualTo(InferencePolicy.API_VERSION);
    assertThat(spec.at("/versions/0/additionalPrinterColumns").values())
        .extracting(column -> column.path("name").asString())
        .containsExactly("Target", "Accepted", "Refs", "Age");
    assertThat(spec.at("/versions/0/subresources").has("status")).isTrue();
  }
}
