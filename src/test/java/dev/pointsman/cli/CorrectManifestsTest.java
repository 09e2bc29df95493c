package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code pointsman analyze} has nothing to say about manifests that work: each file says why it is correct. */
class CorrectManifestsTest extends CommandLine {
  static Stream<Path> files() {
    try (Stream<Path> files = Files.list(Path.of("testdata", "analyze-correct"))) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void nothingIsFound(Path file) {
    Result result = run("analyze", file.toString(), "--fail-on", "Info");
    assertThat(result.out()).contains(": no findings");
    assertThat(result.exitCode()).isZero();
  }
}
