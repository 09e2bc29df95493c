package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of whole clusters, and small ones that are made to take all memory or time. */
class LargeManifestsTest extends CommandLine {
  @TempDir
  private Path folder;

  private Result analyze(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return run("analyze", file.toString(), "--fail-on", "Info");
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
    assertThat(analyze("bomb.yaml", text).out()).contains(result);
  }

  @Test
  void aLongValueIsComparedWithItsPattern() throws IOException {
    String host = "a.".repeat(100_000) + "com";
    Result result = analyze("route.yaml", """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: chat}
        spec: {parentRefs: [{name: llm}], hostnames: [HOST, "a_b"]}
        """.replace("HOST", host));
    assertThat(result.out())
        .contains("spec.hostnames[0] is too long", "hostnames[1] is \"a_b\", and must match ^");
  }

  @Test
  void aLongNameIsNotKeptForEachFieldBelowIt() throws IOException {
    String text = "? " + "k".repeat(45_000) + "\n: [" + "x, ".repeat(60_000) + "]\n";
    assertThat(analyze("long.yaml", text).out()).contains("no findings");
  }

  @Test
  @Timeout(60) // with pieces of a kilobyte it takes minutes
  void aLongLineTakesTimeInProportion() throws IOException {
    String line = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  text: \""
        + "a".repeat(12_000_000) + "\"\n";
    assertThat(analyze("long.yaml", line).out()).contains("Analyzed 1 object: no findings");
  }

  @Test
  @Timeout(60) // with a look at all fields behind each object it takes minutes
  void aListOfAWholeClusterTakesTimeInProportion() throws IOException {
    String item =
        "- {apiVersion: v1, kind: Pod, metadata: {name: p%d, labels: {a: b}}, spec: {containers: ["
            + "{name: c, args: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t]}]}}\n";
    StringBuilder list = new StringBuilder("apiVersion: v1\nkind: List\nitems:\n");
    for (int i = 0; i < 6_000; i++) {
      list.append(item.formatted(i));
    }
    list.append(
        "- {apiVersion: inference.networking.k8s.io/v1, kind: InferencePool, metadata: {name: a}, spec: {}}\n");
    Result result = analyze("list.yaml", list.toString());
    assertThat(result.out()).contains("list.yaml:6004: Error PM0006", "Analyzed 6001 objects");
  }

  @Test
  @Timeout(60) // with a look at all findings for each it takes minutes
  void manyMistakesTakeTimeInProportion() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("apiVersion: v1\nkind: Pod\nmetadata: {name: p")
          .append(i % 10_000)
          .append("}\n---\n");
    }
    text.append(
        "apiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\nmetadata: {name: a}\nspec:\n");
    for (int i = 0; i < 60_000; i++) {
      text.append("  wrong").append(i).append(": 1\n");
    }
    Result result = analyze("many.yaml", text.toString());
    assertThat(result.out().substring(result.out().lastIndexOf("\nAnalyzed")))
        .contains("Analyzed 20001 objects: 60002 errors, 10000 warnings");
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
}
