package dev.pointsman.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of the documentation: README, CONTRIBUTING, a page of the site. */
public record DocPage(Path path, String text) {
  /** The folder of the site's pages. */
  public static final Path SITE = Path.of("src/site/markdown");

  /** A fenced block; one of a list item is indented. */
  private static final Pattern FENCE = Pattern.compile("(?ms)^( *)```(\\w*)\\n(.*?)^ *```$");

  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern CODE = Pattern.compile("`[^`\\n]+`");

  /**
   * A fenced block.
   *
   * @param language as the fence names it; may be empty
   * @param text without the indentation of the fence
   * @param before the paragraph before the fence; may be empty
   */
  public record Block(String language, String text, String before) {}

  static Stream<DocPage> all() {
    try (Stream<Path> files = Files.list(SITE)) {
      return Stream.concat(
          Stream.of(Path.of("README.md"), Path.of(".github/CONTRIBUTING.md")), files.sorted())
          .map(DocPage::read)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page of this file. */
  public static DocPage read(Path path) {
    try {
      return new DocPage(path, Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Block> blocks(String language) {
    return blocks().stream().filter(block -> block.language().equals(language)).toList();
  }

  /** All fenced blocks in their order. */
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int end = 0;
    for (MatchResult block : FENCE.matcher(text).results().toList()) {
      String before = text.substring(end, block.start()).stripTrailing();
      blocks.add(new Block(
          block.group(2),
          block
              .group(3)
              .lines()
              .map(line -> line.substring(Math.min(
                  block.group(1).length(), line.length() - line.stripLeading().length())))
              .collect(Collectors.joining("\n", "", "\n")),
          before.substring(before.lastIndexOf("\n\n") + 1)));
      end = block.end();
    }
    return blocks;
  }

  /** The blocks below a heading, up to the next one of its level or above. */
  public List<Block> section(String heading) {
    // Comments of shell blocks begin with # too.
    String masked = FENCE
        .matcher(text)
        .replaceAll(block -> Matcher.quoteReplacement(block.group().replace('#', '%')));
    Matcher start = Pattern.compile("(?m)^(#+) " + Pattern.quote(heading) + "$").matcher(masked);
    if (!start.find()) {
      throw new IllegalArgumentException(path + " has no heading " + heading);
    }
    Matcher next = Pattern.compile("(?m)^#{1," + start.group(1).length() + "} ").matcher(masked);
    int end = next.find(start.end()) ? next.start() : text.length();
    return new DocPage(path, text.substring(start.end(), end)).blocks();
  }

  /** The code of a line of text, such as {@code kubectl get pods}. */
  List<String> inlineCode() {
    return CODE.matcher(prose())
        .results()
        .map(MatchResult::group)
        .map(code -> code.substring(1, code.length() - 1))
        .toList();
  }

  /** The text without fenced blocks. */
  String prose() {
    return FENCE.matcher(text).replaceAll("");
  }

  /** The anchors of the headings, as GitHub and {@code hack/site/finish.py} make them. */
  Set<String> anchors() {
    return HEADING
        .matcher(prose())
        .results()
        .map(heading -> heading
            .group(1)
            .strip()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N} _-]", "")
            .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
