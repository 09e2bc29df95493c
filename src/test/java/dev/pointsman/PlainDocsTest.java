package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sentences of the documentation, the chart and the scripts begin with a noun or a verb, as comments of Java do. */
class PlainDocsTest {
  private static final List<Path> ROOTS = Stream.of(
          "README.md", "src/site", "charts", "hack", "proto", "testdata", ".github")
      .map(Path::of)
      .toList();

  private static final String CLAUSE = "(" + String.join("|", PlainWordsTest.REFUSED) + ")\\b";

  /** The beginning of a paragraph, a list item, a table's cell or a sentence. */
  private static final Pattern MARKDOWN = Pattern.compile(
      "(?:^(?:[-*>#|\\s]|\\d+\\.)*|[.!?:][\"`)*]*\\s+|\\| )(?:\\*\\*)?" + CLAUSE,
      Pattern.MULTILINE);

  private static final Pattern CODE_BLOCK = Pattern.compile("(?s)```.*?```");

  /** The beginning of a comment, a description, a message's line or a sentence of a comment. */
  private static final Pattern HASH =
      Pattern.compile("(?:#.*[.!?:]\\s+|#\\s+|^\\s*|description: \"?)" + CLAUSE, Pattern.MULTILINE);

  private static final Pattern SLASHES =
      Pattern.compile("(?:^\\s*//\\s*|//.*[.!?]\\s+)" + CLAUSE, Pattern.MULTILINE);

  @Test
  void noSentenceBeginsWithARelativeClause() throws IOException {
    Set<String> kinds = new TreeSet<>();
    List<String> found = new ArrayList<>();
    for (Path root : ROOTS) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(PlainDocsTest::isProse).sorted().toList()) {
          kinds.add(kind(file));
          found.addAll(clauses(file));
        }
      }
    }
    assertThat(kinds).as("kinds of files that were read").contains("md", "sh", "yaml", "tpl", "go");
    assertThat(found).isEmpty();
  }

  /** Markdown anywhere; elsewhere only files that people write, without recordings and goldens. */
  private static boolean isProse(Path file) {
    return switch (kind(file)) {
      case "md" -> true;
      case "sh", "yaml", "tpl", "txt", "go" -> !file.startsWith("testdata");
      default -> false;
    };
  }

  private static String kind(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static List<String> clauses(Path file) throws IOException {
    String text = Files.readString(file);
    Matcher sentence = switch (kind(file)) {
      case "md" ->
        MARKDOWN.matcher(CODE_BLOCK
            .matcher(text)
            .replaceAll(block -> "\n".repeat((int) block.group().lines().count() - 1)));
      case "go" -> SLASHES.matcher(text);
      default -> HASH.matcher(text);
    };
    List<String> found = new ArrayList<>();
    while (sentence.find()) {
      found.add(file + ": " + sentence.group().strip());
    }
    return found;
  }
}
