package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.docs.DocPage;
import dev.pointsman.docs.DocPage.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Pages of the documentation as a user follows them. A YAML block is saved under the name that the text before it says, a
 * shell block is run, and a {@code text} block after a shell block is its output, for which the user repeats the commands.
 * In an output, {@code ...} stands for any text, or for any lines if it is a line of its own; names of pods, addresses and
 * ages differ.
 *
 * @param folder of the source tree, where files are saved
 * @param files the change that this cluster needs in a file
 */
record Guide(UserShell shell, Path folder, UnaryOperator<String> files) {
  private static final Pattern FILE = Pattern.compile("`([\\w-]+\\.(?:yaml|json))`");
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /** Steps of a user with a container engine and a registry; the cluster of the tests runs programs, not images. */
  private static final Pattern IMAGES = Pattern.compile("(?m)^(hack/image\\.sh|docker ).*\n");

  /** Does what a section says, in its order; the section ends with the next heading of its level. */
  void follow(String page, String heading) {
    List<Block> blocks = DocPage.read(DocPage.SITE.resolve(page + ".md")).section(heading);
    assertThat(blocks).as("blocks of %s, %s", page, heading).isNotEmpty();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (block.language().equals("yaml")) {
        save(block);
      } else if (block.language().equals("sh")) {
        boolean isCheck = i + 1 < blocks.size() && blocks.get(i + 1).language().equals("text");
        if (isCheck) {
          check(block.text(), blocks.get(i + 1).text());
        } else {
          type(IMAGES.matcher(block.text()).replaceAll(""));
        }
      }
    }
  }

  private void save(Block block) {
    Matcher name = FILE.matcher(block.before());
    assertThat(name.results()).as("files' names before\n%s", block.text()).hasSize(1);
    assertThat(name.reset().find()).isTrue();
    try {
      Files.writeString(folder.resolve(name.group(1)), files.apply(block.text()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs commands, all of which have to succeed. */
  String type(String commands) {
    UserShell.Ran ran = shell.run(commands);
    assertThat(ran.code()).as("%s\n%s", commands, ran.text()).isZero();
    return ran.text();
  }

  private void check(String commands, String output) {
    Pattern expected = Pattern.compile(expression(output));
    Awaitility.await(commands)
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(plain(shell.run(commands).text()))
            .as("the output of\n%s", commands)
            .matches(expected));
  }

  /** An output of a page as a regular expression for {@link #plain} outputs. */
  private static String expression(String output) {
    return plain(output)
        .lines()
        .map(line -> line.equals("...") ? "(?:[^\n]*\n)*" : quoted(line) + "\n")
        .collect(Collectors.joining());
  }

  private static String quoted(String line) {
    return Stream.of(line.split("\\.\\.\\.", -1))
        .map(Pattern::quote)
        .collect(Collectors.joining("[^\n]*"));
  }

  /** Without the differences from one cluster to the next. */
  private static String plain(String output) {
    return output
            .replaceAll("-[bcdfghjklmnpqrstvwxz2-9]{6,10}-[a-z0-9]{5}\\b", "-POD")
            .replaceAll("(?m)^[a-z' ]+ \\.\\.\\. \\d+ s$", "") // progress
            .replaceAll("\\b\\d+\\.\\d+\\.\\d+\\.\\d+\\b", "IP")
            .replaceAll("Running +\\d+( \\(\\w+ ago\\))?", "Running RESTARTS") // a slow machine's
            .replaceAll("(?m)(?<=\\s)(\\d+[smhd])+(?=\\s|$)", "AGE")
            .lines()
            .map(line -> line.replaceAll("\\s+", " ").strip())
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n"))
        + "\n";
  }
}
