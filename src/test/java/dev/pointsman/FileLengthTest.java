package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file has one subject: longer ones are split by subject. */
class FileLengthTest {
  private static final int MAX_LINES = 250;
  private static final int MAX_MEDIAN = 70;

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "src/test/java"})
  void filesAreShort(String root) throws IOException {
    Map<Path, Integer> lengths = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of(root))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        lengths.put(file, Files.readAllLines(file).size());
      }
    }
    List<Integer> sorted = lengths.values().stream().sorted().toList();
    assertThat(sorted).hasSizeGreaterThan(200);
    if (root.contains("main")) {
      assertThat(sorted.get(sorted.size() / 2)).as("median").isLessThanOrEqualTo(MAX_MEDIAN);
    }
    lengths.values().removeIf(lines -> lines <= MAX_LINES);
    assertThat(lengths).as("files above %d lines", MAX_LINES).isEmpty();
  }
}
