package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pointsman analyze} knows each field of InferencePolicies, so that it finds older definitions. */
class OlderDefinitionsTest extends CommandLine {
  private static final String FIELDS =
      "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";

  @Test
  void aDefinitionWithoutOneOfTheFieldsIsOlder(@TempDir Path folder) throws IOException {
    String crd =
        Files.readString(Path.of("charts/pointsman/crds/inferencepolicies.pointsman.dev.yaml"));
    for (String field : YAML.readTree(crd).at(FIELDS).propertyNames()) {
      JsonNode older = YAML.readTree(crd);
      ((ObjectNode) older.at(FIELDS)).remove(field);
      Files.writeString(folder.resolve("crd.yaml"), YAML.writeValueAsString(older));
      Result result = run("analyze", folder.toString(), "--fail-on", "Warning");
      assertThat(result.exitCode()).as(field).isEqualTo(1);
      assertThat(result.out()).contains("PM0151 FieldNotInCrd", "has no field " + field + ",");
    }
  }
}
