package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pointsman completion}: bash runs its script; fish's has a line for each option. */
class CompletionCommandTest extends CommandLine {
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      pointsman ex | explain
      pointsman serve --resou | --resources
      pointsman explain --body- | --body-size
      pointsman analyze --output s | sarif
      """)
  void bashCompletes(String typed, String expected, @TempDir Path folder) throws Exception {
    Path script = Files.writeString(
        folder.resolve("pointsman.sh"), run("completion", "bash").out());
    List<String> words = List.of(typed.strip().split(" "));
    String ask =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_pointsman; echo ${COMPREPLY[@]}"
            .formatted(script, String.join(" ", words), words.size() - 1);
    assertThat(bash(ask).split("\\s+")).contains(expected);
  }

  private static String bash(String command) throws IOException, InterruptedException {
    Process bash =
        new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void fishHasCommandsOptionsAndFiles() {
    assertThat(run("completion", "fish").out().lines())
        .contains("complete -c pointsman -f")
        .anyMatch(line -> line.matches(".*__fish_use_subcommand -a explain -d '.*'"))
        .anyMatch(line -> line.matches(".*seen_subcommand_from serve' -l record -r -F -d '.*'"))
        .anyMatch(line -> line.matches(".*seen_subcommand_from explain' -l model -x -d '.*'"))
        .anyMatch(line -> line.matches(".*from analyze' -l output -x -a 'text json sarif' -d '.*'"))
        .anyMatch(line -> line.endsWith("__fish_seen_subcommand_from diff' -F"))
        .allMatch(line -> line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2 == 0);
  }

  @Test
  void anotherShellIsTwo() {
    assertThat(run("completion", "tcsh").exitCode()).isEqualTo(2);
    assertThat(run("completion").exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"serve", "translate", "explain", "gateway-config", "check", "version", "completion"
      })
  void helpHasAnExample(String command) {
    assertThat(run(command, "--help").out())
        .containsPattern("(?s)Examples?:\n  (pointsman|source).*" + command);
  }
}
