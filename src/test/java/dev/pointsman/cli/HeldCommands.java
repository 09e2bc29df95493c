package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.golden.GoldenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of {@code testdata/COMMAND}, each a command line and its output, and the page of the documentation that shows them.
 */
record HeldCommands(String command) {
  private static final String PROMPT = "$ pointsman ";

  Stream<Path> files() {
    try (Stream<Path> files = Files.list(Path.of("testdata", command))) {
      return files.filter(Files::isRegularFile).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the command of a file and compares its output. */
  static void assertIs(Path file, int exitCode) throws IOException {
    String command = Files.readAllLines(file).getFirst();
    assertThat(command).startsWith(PROMPT);
    CommandLine.Result result =
        CommandLine.run(command.substring(PROMPT.length()).split(" "));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    new GoldenFile(file).assertIs(command + "\n" + result.out());
  }

  /** The page has more than so many of the files, and no other command with its output. */
  void assertDocumented(int more) throws IOException {
    List<String> held = files().map(HeldCommands::text).toList();
    String page = Files.readString(Path.of("src", "site", "markdown", command + ".md"));
    List<String> blocks = Stream.of(page.split("```"))
        .filter(block -> block.contains(PROMPT + command))
        .map(block -> block.substring(block.indexOf('$')))
        .toList();
    assertThat(blocks)
        .hasSizeGreaterThan(more)
        .allSatisfy(block -> assertThat(held).contains(block));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
