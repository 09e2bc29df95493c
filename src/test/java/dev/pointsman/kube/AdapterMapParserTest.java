package dev.pointsman.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Parsed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** ConfigMaps of adapters as large and as odd as the API server takes them: a mebibyte of anything. */
class AdapterMapParserTest {
  private static final int MEBIBYTE = 1 << 20;

  private static Parsed<AdapterMap> parse(String base, String adapters) {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.put("kind", "ConfigMap").putObject("metadata").put("name", "a").put("namespace", "evil");
    object.putObject("data").put("baseModel", base).put("adapters", adapters);
    return AdapterMapParser.parse(object);
  }

  private static List<String> remarks(Parsed<AdapterMap> parsed) {
    return ((Parsed.Valid<AdapterMap>) parsed)
        .remarks().stream().map(Diagnostic::toString).toList();
  }

  private static List<String> names(Parsed<AdapterMap> parsed) {
    return ((Parsed.Valid<AdapterMap>) parsed).value().adapters();
  }

  @Test
  void unusedKeysAreReported() {
    ObjectNode object = JsonMapper.shared().createObjectNode();
    object.put("kind", "ConfigMap").putObject("metadata").put("name", "a").put("namespace", "ml");
    object.putObject("data").put("baseModel", "qwen").put("adapter", "[travel]");
    Parsed<AdapterMap> parsed = AdapterMapParser.parse(object);
    assertThat(names(parsed)).isEmpty();
    assertThat(remarks(parsed))
        .containsExactly("ConfigMap ml/a data.adapter: is ignored: the keys are baseModel and"
            + " adapters (PM0015 InvalidObject)");
  }

  @Test
  void thirtyThousandAdaptersAreCutWithAWord() {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      list.append("- tenant/adapter-%05d\n".formatted(i));
    }
    Parsed<AdapterMap> parsed = parse("qwen", list.toString());
    assertThat(names(parsed)).hasSize(13_107).startsWith("tenant/adapter-00000");
    assertThat(remarks(parsed))
        .containsExactly("ConfigMap evil/a data.adapters: has 30000 items; the items after"
            + " number 13107 are left out: the names of one ConfigMap may have 262144 bytes"
            + " (PM0024 TooLarge)");
  }

  @Test
  void namesThatCannotBeAModelsAreLeftOut() {
    Parsed<AdapterMap> parsed = parse("qwen", """
        ["good", "a\\nb", "", "%s", "\\0", 7, {x: y}, [z], null, ".*", "\u6a21\u578b"]""".formatted("\u6a21".repeat(86)));
    assertThat(names(parsed)).containsExactly("good", ".*", "\u6a21\u578b");
    assertThat(remarks(parsed))
        .anySatisfy(line -> assertThat(line).contains("adapters[1]: has a control character"))
        .anySatisfy(line -> assertThat(line).contains("adapters[3]: has 258 bytes"))
        .hasSize(8)
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(300).doesNotContain("\n"));
  }

  @Test
  void aBaseModelThatCannotBeOneIsNone() {
    assertThat(parse("a\nb", "- x")).isInstanceOf(Parsed.Invalid.class);
    assertThat(parse("x".repeat(257), "- x")).isInstanceOf(Parsed.Invalid.class);
  }

  static List<String> bombs() {
    String anchors = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    StringBuilder laughs = new StringBuilder(anchors);
    for (char c = 'b'; c <= 'z'; c++) {
      laughs.append("%c: &%c [".formatted(c, c));
      laughs.append(("*" + (char) (c - 1) + ",").repeat(9)).append("]\n");
    }
    return List.of(
        "[".repeat(MEBIBYTE),
        "- ".repeat(MEBIBYTE / 2),
        "- {a: ".repeat(MEBIBYTE / 6),
        "[" + "[[[[]]]],".repeat(MEBIBYTE / 9) + "]",
        laughs.toString(),
        "- &a [*a, *a]\n- *a\n",
        "- &a x\n" + "- *a\n".repeat(MEBIBYTE / 5),
        "- x\n".repeat(MEBIBYTE / 4),
        "- \"" + "x".repeat(MEBIBYTE) + "\"",
        "? ".repeat(MEBIBYTE / 2),
        "- " + "9".repeat(MEBIBYTE - 2),
        "- !!binary " + "A".repeat(MEBIBYTE - 16),
        "\u0000\u0001",
        "%YAML 9.9\n---\n- x",
        "---\n".repeat(MEBIBYTE / 4));
  }

  /** Half a minute is far above what any of them takes on a busy machine, and far below what an expansion would. */
  @ParameterizedTest
  @MethodSource("bombs")
  void noYamlCostsMoreThanItsLength(String bomb) {
    Parsed<AdapterMap> parsed =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> parse("qwen", bomb));
    switch (parsed) {
      case Parsed.Valid<AdapterMap>(AdapterMap map, List<Diagnostic> remarks) -> {
        assertThat(String.join("", map.adapters()).length()).isLessThanOrEqualTo(256 << 10);
        assertThat(remarks).hasSizeLessThanOrEqualTo(17);
      }
      case Parsed.Invalid<AdapterMap>(List<Diagnostic> problems) ->
        assertThat(problems)
            .allSatisfy(problem -> assertThat(problem.toString()).hasSizeLessThan(1_200));
    }
  }
}
