package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code pointsman diff}: each file of testdata/diff is a command and its output. */
class DiffCommandTest extends CommandLine {
  private static final HeldCommands HELD = new HeldCommands("diff");
  private static final String OLD = "testdata/diff/rollout/old";

  static Stream<Path> commands() {
    return HELD.files();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void printsWhatIsExpected(Path file) throws IOException {
    HeldCommands.assertIs(file, 1);
  }

  @Test
  void everyCommandOfTheDocumentationIsHeldHere() throws IOException {
    HELD.assertDocumented(1);
  }

  static Stream<Path> recordings() {
    try (Stream<Path> cases = Files.list(Path.of("testdata", "translate"))) {
      return cases
          .filter(one -> Files.exists(one.resolve("0001-PostTranslateModify.pb"))
              || Files.exists(one.resolve("0001-PostRouteModify.pb")))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void noRecordingDiffersFromItself(Path recording) {
    Result result = run("diff", recording.toString(), recording.toString());
    assertThat(result.out()).as(result.err()).isEqualTo("no changes\n");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void theSameManifestsInAnotherOrderAreNoChange(@TempDir Path folder) throws IOException {
    List<String> objects =
        Stream.of(Files.readString(Path.of(OLD, "objects.yaml")).split("---\n")).toList();
    Files.writeString(folder.resolve("all.yaml"), String.join("---\n", objects.reversed()));
    Result result = run("diff", OLD + "/objects.yaml", folder.toString());
    assertThat(result.out()).as(result.err()).isEqualTo("no changes\n");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void newRulesBeforeOthersAreNoChangeOfTheOthers(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("more.yaml"),
        Files.readString(Path.of(OLD, "objects.yaml"))
            .replace(
                "  rules:\n  - matches: [{headers: [{name: X-Gateway-Model-Name, value: qwen}]}]",
                """
                  rules:
                  - matches: [{headers: [{name: X-Gateway-Model-Name, value: first}]}]
                    backendRefs:
                    - {group: inference.networking.k8s.io, kind: InferencePool, name: stable}
                  - matches: [{headers: [{name: X-Gateway-Model-Name, value: qwen}]}]\
                """));
    JsonNode changes =
        json(run("diff", OLD + "/objects.yaml", folder + "/more.yaml", "--output", "json"));
    assertThat(changes.path("traffic")).hasSize(1);
    assertThat(changes.at("/traffic/0/change").asString()).isEqualTo("added");
    assertThat(changes.at("/traffic/0/models/0").asString()).isEqualTo("first");
    assertThat(changes.path("objects")).isEmpty();
  }

  @Test
  void newAndSolvedProblemsAreNamed(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("typo.yaml"),
        Files.readString(Path.of(OLD, "objects.yaml"))
            .replace(
                "kind: InferencePool, name: canary, weight",
                "kind: InferencePool, name: canari, weight"));
    String now = folder + "/typo.yaml";
    assertThat(run("diff", OLD + "/objects.yaml", now).out())
        .contains(
            "new problem: ",
            "canari",
            "- 90 % InferencePool default/stable, 10 % InferencePool default/canary")
        .doesNotContain("solved");
    assertThat(run("diff", now, OLD + "/objects.yaml").out()).contains("solved problem: ");
  }

  @Test
  void anObjectThatIsDefinedTwiceInBothIsNoChange(@TempDir Path folder) throws IOException {
    String service = "apiVersion: v1\nkind: Service\nmetadata: {name: picker}\n";
    for (String state : List.of("before", "after")) {
      Path manifests = Files.createDirectories(folder.resolve(state));
      Files.writeString(manifests.resolve("base.yaml"), service);
      Files.writeString(manifests.resolve("overlay.yaml"), service);
    }
    Result result = run("diff", folder + "/before", folder + "/after");
    assertThat(result.out()).as(result.err()).isEqualTo("no changes\n");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void secretsAreNotPrinted(@TempDir Path folder) throws IOException {
    String secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {key: %s}\n";
    Files.writeString(folder.resolve("old.yaml"), secret.formatted("first"));
    Files.writeString(folder.resolve("new.yaml"), secret.formatted("second"));
    Result result = run("diff", folder + "/old.yaml", folder + "/new.yaml");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("stringData.key").doesNotContain("first", "second");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      testdata/diff/rollout/old | OLD and NEW are missing
      testdata/nowhere testdata/diff/rollout/old/objects.yaml | does not exist
      testdata/diff/rollout/old testdata/diff/rollout/old/objects.yaml | is no recording
      testdata/diff/rollout/old/objects.yaml testdata/diff/rollout/new/objects.yaml --xds | need two recordings
      testdata/diff/rollout/old testdata/diff/rollout/new --xds --output json | --xds is text
      testdata/analyze/PM0001-no-pods/expected.txt testdata/demo | mapping values are not allowed
      - - | only one of
      """)
  void misuseIsNamed(String options, String problem) {
    Result result = run(("diff " + options).split(" "));
    assertThat(result.exitCode()).as(result.out()).isEqualTo(2);
    assertThat(result.err()).contains(problem);
    assertThat(result.out()).isEmpty();
  }

  private static JsonNode json(Result result) {
    return JsonMapper.shared().readTree(result.out());
  }

  @Test
  void anotherBuildIsAJarOrAnImage() {
    String recording = "testdata/translate/model-routes-two-pools";
    assertThat(run("diff", "--against", "target/none.jar").err())
        .contains("--against JAR|IMAGE and --recorded DIR need each other");
    assertThat(run("diff", "--recorded", recording).exitCode()).isEqualTo(2);
    assertThat(run("diff", "--against", "a.jar", "--recorded", recording, "old", "new")
            .err())
        .contains("takes neither OLD nor NEW");
  }
}
