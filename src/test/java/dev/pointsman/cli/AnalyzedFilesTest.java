package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files as other tools and other people write them. */
class AnalyzedFilesTest extends CommandLine {
  @TempDir
  private Path folder;

  private Result analyze(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    return run("analyze", file.toString(), "--fail-on", "Info");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      {{- if .Values.pool }}\\nkind: Pod\\n | is a template and no YAML: render it first
      kind: Pod\\nmetadata: *nowhere\\n | *nowhere names an anchor &nowhere that is not before it
      kind: Pod\\n\\tmetadata: {}\\n | found character '\\t(TAB)' that cannot start any token
      kind: Pod\\nkind: Pod\\n | the field "kind" is there twice
      kind: Pod\\nmetadata: {name: a}\\n---\\nwords\\n | line 4: document 2 is not an object
      """)
  void theReasonIsInPlainWords(String content, String reason) throws IOException {
    String text = content.replace("\\n", "\n").replace("\\t", "\t");
    assertThat(analyze("file.yaml", text.getBytes(StandardCharsets.UTF_8)).out())
        .contains("PM0015", reason.replace("\\\\t", "\\t"))
        .doesNotContain("java.", "Exception", "+MAP");
  }

  @Test
  void anotherCharacterSetIsNamed() throws IOException {
    assertThat(analyze("file.yaml", "kind: Pod\n".getBytes(StandardCharsets.UTF_16))
            .out())
        .contains("is not in UTF-8");
  }

  @Test
  void mergeKeysAreFieldsThatOthersReplace() throws IOException {
    Result merged = analyze("merge.yaml", """
        apiVersion: v1
        kind: List
        items:
        - &first
          apiVersion: inference.networking.k8s.io/v1
          kind: InferencePool
          metadata: {name: first}
          spec: &spec
            selector: {matchLabels: {app: first}}
            targetPorts: [{number: 8000}]
            endpointPickerRef: {name: first, port: {number: 9002}}
        - <<: *first
          metadata: {name: second}
          spec:
            <<: *spec
            selector: {matchLabels: {app: second}}
            endpointPickerRef: {name: second, port: {number: 9002}}
        """.getBytes(StandardCharsets.UTF_8));
    assertThat(merged.out()).contains("Analyzed 2 objects: no findings");
  }

  /** As YAML says: a mapping's own fields count, wherever they are, and then those of the first mapping in a list. */
  @Test
  void mergeKeysMayNameSeveralMappings() throws IOException {
    Result merged = analyze("merge.yaml", """
        apiVersion: v1
        kind: List
        items:
        - &first
          apiVersion: inference.networking.k8s.io/v1
          kind: InferencePool
          metadata: {name: first}
          spec: &spec
            selector: {matchLabels: {app: first}}
            targetPorts: [{number: 80000}]
            endpointPickerRef: {name: first, port: {number: 9002}}
        - spec:
            selector: {matchLabels: {app: second}}
            <<: [&port {targetPorts: [{number: 90000}]}, *spec]
          metadata: {name: second}
          <<: *first
        """.getBytes(StandardCharsets.UTF_8));
    assertThat(merged.out())
        .contains(
            "merge.yaml:10: Error PM0006",
            "default/first spec.targetPorts[0].number is 80000",
            "merge.yaml:14: Error PM0006",
            "default/second spec.targetPorts[0].number is 90000",
            "Analyzed 2 objects: 2 errors.");
  }

  @Test
  void aFieldThatIsThereTwiceIsFoundBesideAMergeKeyToo() throws IOException {
    Result twice = analyze("merge.yaml", """
        labels: &labels {a: b}
        kind: Pod
        metadata: {labels: {<<: *labels, <<: *labels, c: d, c: e}}
        """.getBytes(StandardCharsets.UTF_8));
    assertThat(twice.out()).contains("line 3: the field \"c\" is there twice");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      a: &a [ITEMS]\\nb:\\nALIASES | line 1: aliases (*name) stand for more than 250000 parts
      a: &a [ITEMSITEMS]\\nb: *a\\n | an anchor (&name) has more than 9999 parts
      a: &a [ITEMS]\\n---\\nb: &a [1]\\nc:\\nALIASES | no findings
      a: DEEP | Document nesting depth (501) exceeds the maximum allowed (500); the documents before
      """)
  void aliasesMayNotMakeAFileLarge(String content, String result) throws IOException {
    String text = content
        .replace("\\n", "\n")
        .replace("ITEMS", "x, ".repeat(9_990))
        .replace("DEEP", "[".repeat(501))
        .replace("ALIASES", "- *a\n".repeat(2_000));
    assertThat(analyze("bomb.yaml", text.getBytes(StandardCharsets.UTF_8)).out())
        .contains(result);
  }

  @Test
  void aLongValueIsComparedWithItsPattern() throws IOException {
    String host = "a.".repeat(100_000) + "com";
    Result result = analyze("route.yaml", """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: chat}
        spec: {parentRefs: [{name: llm}], hostnames: [HOST, "a_b"]}
        """.replace("HOST", host).getBytes(StandardCharsets.UTF_8));
    assertThat(result.out())
        .contains("spec.hostnames[0] is too long", "hostnames[1] is \"a_b\", and must match ^");
  }

  @Test
  void aLongNameIsNotKeptForEachFieldBelowIt() throws IOException {
    String text = "? " + "k".repeat(45_000) + "\n: [" + "x, ".repeat(60_000) + "]\n";
    assertThat(analyze("long.yaml", text.getBytes(StandardCharsets.UTF_8)).out())
        .contains("no findings");
  }

  @Test
  @Timeout(60) // with pieces of a kilobyte it takes minutes
  void aLongLineTakesTimeInProportion() throws IOException {
    String line = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  text: \""
        + "a".repeat(12_000_000) + "\"\n";
    assertThat(analyze("long.yaml", line.getBytes(StandardCharsets.UTF_8)).out())
        .contains("Analyzed 1 object: no findings");
  }

  @Test
  @Timeout(60) // with a look at all fields behind each object it takes minutes
  void aListOfAWholeClusterTakesTimeInProportion() throws IOException {
    String item = "- {apiVersion: v1, kind: Pod, metadata: {name: p%d, labels: {a: b}}, spec: {containers: ["
        + "{name: c, args: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t]}]}}\n";
    StringBuilder list = new StringBuilder("apiVersion: v1\nkind: List\nitems:\n");
    for (int i = 0; i < 6_000; i++) {
      list.append(item.formatted(i));
    }
    list.append("- {apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: a}, spec: {}}\n");
    Result result = analyze("list.yaml", list.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(result.out()).contains("list.yaml:6004: Error PM0006", "Analyzed 6001 objects");
  }

  @Test
  @Timeout(60) // with a look at all findings for each, and at all objects for each that is there twice, it takes minutes
  void manyMistakesTakeTimeInProportion() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("apiVersion: v1\nkind: Pod\nmetadata: {name: p").append(i % 10_000).append("}\n---\n");
    }
    text.append("apiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\nmetadata: {name: a}\nspec:\n");
    for (int i = 0; i < 60_000; i++) {
      text.append("  wrong").append(i).append(": 1\n");
    }
    Result result = analyze("many.yaml", text.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(result.out().substring(result.out().lastIndexOf("\nAnalyzed")))
        .contains("Analyzed 20001 objects: 60002 errors, 10000 warnings");
  }

  @Test
  void theInputMayBeJsonWithTabsAndHasNoPlaceInSarif() {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream("""
          {
          \t"apiVersion": "inference.networking.k8s.io/v1",
          \t"kind": "InferencePool",
          \t"metadata": {"name": "qwen"},
          \t"spec": {}
          }""".getBytes(StandardCharsets.UTF_8)));
      Result sarif = run("analyze", "-", "--output", "sarif");
      assertThat(sarif.exitCode()).as(sarif.err()).isEqualTo(1);
      assertThat(sarif.out()).contains("PM0006").doesNotContain("physicalLocation");
    } finally {
      System.setIn(before);
    }
  }

  /** Java's answer to an input of more than 2 GiB, and to one that does not fit into the memory. */
  @Test
  void anInputThatIsTooLargeIsNamed() {
    InputStream before = System.in;
    try {
      System.setIn(new InputStream() {
        @Override
        public int read() {
          throw new OutOfMemoryError("Required array size too large");
        }
      });
      Result result = run("analyze", "-");
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.err()).contains("cannot be read: - is too large, or nested too deeply");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void absolutePathsAreUrisInSarif() throws IOException {
    Path file = Files.writeString(
        folder.resolve("pool.yaml"),
        "apiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\nmetadata: {name: a}\nspec: {}\n");
    assertThat(run("analyze", file.toString(), "--output", "sarif").out())
        .contains("\"uri\" : \"file://" + file + "\"");
  }

  @Test
  void anAnnotationWithAnUnknownCodeIsNamed() throws IOException {
    assertThat(analyze("pod.yaml", """
            apiVersion: v1
            kind: Pod
            metadata: {name: a, annotations: {pointsman.dev/suppress: "PM0102, PM9999"}}
            """.getBytes(StandardCharsets.UTF_8)).out())
        .contains("names PM9999, which is no code")
        .doesNotContain("names PM0102");
  }
}
