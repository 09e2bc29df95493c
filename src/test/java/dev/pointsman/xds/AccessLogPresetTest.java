package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The preset of the access log, the documentation and the xDS agree. */
class AccessLogPresetTest {
  private static final Path PRESET = Path.of("charts", "pointsman", "files", "access-log.yaml");
  private static final Path PAGE = Path.of("src", "site", "markdown", "access-log.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\|");
  private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");

  @Test
  void fieldsWithFactsOfTheLoopHaveItsExpressions() throws IOException {
    JsonNode preset = preset();
    LoopFacts.expressions()
        .forEach((field, expression) -> assertThat(preset.path(field).asString())
            .as(field)
            .isEqualTo("%CEL(" + expression + ")%"));
  }

  @Test
  void tokensAreReadWhereTheScriptWritesThem() throws IOException {
    JsonNode preset = preset();
    Map<String, String> keys = Map.of(
        "prompt_tokens", "prompt",
        "completion_tokens", "completion",
        "total_tokens", "total",
        "usage", "usage");
    keys.forEach((field, key) -> assertThat(preset.path(field).asString())
        .isEqualTo("%DYNAMIC_METADATA(" + TokenUsage.NAMESPACE + ":" + key + ")%"));
    assertThat(TokenUsage.filter().getTypedConfig().unpack(Lua.class).getSourceCodesMap())
        .allSatisfy((_, script) ->
            assertThat(script.getInlineString()).contains('"' + TokenUsage.NAMESPACE + '"'));
  }

  @Test
  void theDocumentationShowsThePreset() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
    assertThat(example.find()).isTrue();
    JsonNode json = new YAMLMapper()
        .readTree(example.group(1))
        .at("/spec/telemetry/accessLog/settings/0/format/json");
    assertThat(json).isEqualTo(preset());
  }

  @Test
  void theDocumentationNamesEachField() throws IOException {
    List<String> named = ROW.matcher(Files.readString(PAGE))
        .results()
        .flatMap(row -> NAME.matcher(row.group(1)).results())
        .map(name -> name.group(1))
        .toList();
    assertThat(named).containsExactlyElementsOf(preset().propertyNames());
  }

  private static JsonNode preset() throws IOException {
    return new YAMLMapper().readTree(Files.readString(PRESET));
  }
}
