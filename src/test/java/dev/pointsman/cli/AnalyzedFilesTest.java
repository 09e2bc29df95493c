package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Authority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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

  /** As in a cluster, where the server reads those of the oldest policies, and of one age of the first by name. */
  @Test
  void certificatesBeyondTheBoundOfTheirNamespaceAreFound() throws IOException {
    String pem = Authority.create("pods-ca").certificate().replace("\n", "\\n");
    StringBuilder all = new StringBuilder();
    for (int policy = 0; policy < 9; policy++) {
      List<String> refs = new ArrayList<>();
      for (int ca = 0; ca < 8; ca++) {
        String name = "ca-" + policy + "-" + ca;
        refs.add("{kind: ConfigMap, name: " + name + "}");
        all.append("""
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: %s, namespace: crowd}
            data: {ca.crt: "%s"}
            """.formatted(name, pem));
      }
      all.append("""
          ---
          apiVersion: pointsman.dev/v1alpha1
          kind: InferencePolicy
          metadata: {name: p-%s, namespace: crowd}
          spec:
            targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g-%1$s}]
            endpointPicker: {tls: {mode: Verify, caCertificateRefs: %s}}
          """.formatted(policy, refs));
    }
    assertThat(analyze("crowd.yaml", all.toString().getBytes(StandardCharsets.UTF_8))
            .out())
        .contains(
            "Warning PM0024",
            "InferencePolicy crowd/p-8 spec.endpointPicker.tls.caCertificateRefs names ConfigMap ca-8-0, which is not"
                + " read",
            "Analyzed 81 objects: 8 warnings.")
        .doesNotContain("p-7");
  }
}
