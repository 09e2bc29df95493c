package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file has one subject: longer ones are split by subject. */
class FileLengthTest {
  private static final int MAX_LINES = 250;
  private static final int MAX_MEDIAN = 70;
  private static final int MAX_SCRIPT_LINES = 100;

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "src/test/java"})
  void filesAreShort(String root) throws IOException {
    Map<Path, Integer> lengths = new TreeMap<>();
    for (Path file : files(root, ".java")) {
      lengths.put(file, Files.readAllLines(file).size());
    }
    List<Integer> sorted = lengths.values().stream().sorted().toList();
    assertThat(sorted).hasSizeGreaterThan(200);
    if (root.contains("main")) {
      assertThat(sorted.get(sorted.size() / 2)).as("median").isLessThanOrEqualTo(MAX_MEDIAN);
    }
    lengths.values().removeIf(lines -> lines <= MAX_LINES);
    assertThat(lengths).as("files above %d lines", MAX_LINES).isEmpty();
  }

  @Test
  void scriptsAreShort() throws IOException {
    List<Path> scripts = files("hack", ".sh");
    assertThat(scripts)
        .hasSizeGreaterThan(20)
        .allSatisfy(script ->
            assertThat(Files.readAllLines(script)).hasSizeLessThanOrEqualTo(MAX_SCRIPT_LINES));
  }

  /** The files below a folder whose names have an ending. */
  static List<Path> files(String root, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(root))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
