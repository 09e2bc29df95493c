package dev.pointsman.docs;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The runs of {@code hack/compatibility.sh} as a table. */
final class CompatibilityTable {
  static final Path RUNS = Path.of("testdata/compatibility.json");

  private CompatibilityTable() {}

  static JsonNode runs() {
    return JsonMapper.shared().readTree(RUNS);
  }

  static String table() {
    StringBuilder table = new StringBuilder(
        "| Envoy Gateway | Envoy | run on | passed | failed |\n|---|---|---|---|---|\n");
    for (JsonNode run : runs()) {
      String failed = run.path("failed").values().stream()
          .map(test -> "`" + test.asString() + "`")
          .reduce((one, other) -> one + ", " + other)
          .orElse("none");
      table.append("| %s | %s | %s | %d | %s |\n"
          .formatted(
              run.path("version").asString(),
              run.path("envoy").asString(),
              run.path("date").asString(),
              run.path("passed").asInt(),
              failed));
    }
    return table.toString();
  }
}
