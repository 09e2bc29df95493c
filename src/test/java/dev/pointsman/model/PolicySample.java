package dev.pointsman.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A manifest under testdata/policies. */
record PolicySample(Path file, String text) {
  private static final Path ROOT = Path.of("testdata/policies");
  private static final String PROBLEM = "# problem: ";

  static Stream<PolicySample> in(String folder) {
    try {
      return Files.list(ROOT.resolve(folder)).sorted().map(PolicySample::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PolicySample read(Path file) {
    try {
      return new PolicySample(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PolicySample valid(String name) {
    return read(ROOT.resolve("valid").resolve(name + ".yaml"));
  }

  JsonNode node() {
    return new YAMLMapper().readTree(text);
  }

  /** The messages of the parser, as {@code field: message}. */
  List<String> problems() {
    return text.lines()
        .filter(line -> line.startsWith(PROBLEM))
        .map(line -> line.substring(PROBLEM.length()))
        .toList();
  }

  @Override
  public String toString() {
    return ROOT.relativize(file).toString();
  }
}
