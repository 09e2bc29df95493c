package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comments begin with a noun or a verb, never with a relative clause. */
class PlainWordsTest {
  /** The beginning of a Javadoc comment, or of a line comment on a line of its own or after code. */
  private static final Pattern COMMENT = Pattern.compile(
      "/\\*\\*[\\s*]*(?:\\{@\\w+ )?(\\w+)|(?:^|[\\s;{}(,])//\\s*(\\w+)", Pattern.MULTILINE);

  static final Set<String> REFUSED = Set.of(
      "What", "Those", "Whoever", "Whatever", "Who", "Where", "How", "When", "That", "Which");

  /** The first word of a method without a result, as tests are. */
  private static final Pattern METHOD = Pattern.compile("\\bvoid ([a-z]+)[A-Z]\\w*\\(");

  private static final Set<String> CLAUSES =
      Set.of("what", "those", "whoever", "whatever", "who", "which");

  /** The declaration that follows a Javadoc comment, if it is a boolean; annotations may precede. */
  private static final Pattern BOOLEAN =
      Pattern.compile("(?s)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s+)*(?:[a-z]+ )*boolean .*");

  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "src/test/java"})
  void noCommentBeginsWithARelativeClause(String root) throws IOException {
    List<String> found = new ArrayList<>();
    int comments = 0;
    for (Path file : FileLengthTest.files(root, ".java")) {
      String source = Files.readString(file);
      Matcher comment = COMMENT.matcher(source);
      while (comment.find()) {
        comments++;
        if (refused(source, comment)) {
          found.add(file + ":" + line(source, comment));
        }
      }
    }
    assertThat(comments).as("comments that were read").isGreaterThan(500);
    assertThat(found).isEmpty();
  }

  private static boolean refused(String source, Matcher comment) {
    if (comment.group(1) == null) {
      // A line that continues a comment may begin with any word.
      return REFUSED.contains(comment.group(2)) && !continues(source, comment.start(2));
    }
    int end = source.indexOf("*/", comment.start());
    return REFUSED.contains(comment.group(1))
        || (comment.group(1).equals("Whether")
            && !BOOLEAN.matcher(source.substring(end)).matches());
  }

  /** Whether the line before is a line comment too. */
  private static boolean continues(String source, int at) {
    int start = source.lastIndexOf('\n', at);
    int before = source.lastIndexOf('\n', start - 1);
    return source.substring(before + 1, Math.max(start, before + 1)).strip().startsWith("//");
  }

  private static long line(String source, Matcher comment) {
    int word = comment.start(comment.group(1) == null ? 2 : 1);
    return source.substring(0, word).lines().count();
  }

  @Test
  void noTestIsNamedByARelativeClause() throws IOException {
    List<String> found = new ArrayList<>();
    int methods = 0;
    for (Path file : FileLengthTest.files("src/test/java", ".java")) {
      Matcher method = METHOD.matcher(Files.readString(file));
      while (method.find()) {
        methods++;
        if (CLAUSES.contains(method.group(1))) {
          found.add(file + ": " + method.group());
        }
      }
    }
    assertThat(methods).as("methods that were read").isGreaterThan(500);
    assertThat(found).isEmpty();
  }
}
