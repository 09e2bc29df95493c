package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links between pages lead somewhere, and the menu of the site has every page. */
class DocLinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  /** A file of the source tree, in code style. */
  private static final Pattern FILE =
      Pattern.compile("(?:hack|charts|testdata|src|proto|\\.github)/[\\w./-]*[\\w-]");

  private static final Path RESOURCES = Path.of("src/site/resources");

  private static final Pattern MENU = Pattern.compile("href=\"([\\w-]+)\\.html\"");

  static Stream<DocPage> pages() {
    return DocPage.all();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksAndAnchorsExist(DocPage page) {
    List<String> missing = new ArrayList<>();
    Matcher link = LINK.matcher(page.prose());
    while (link.find()) {
      String[] parts = link.group(1).split("#", 2);
      if (parts[0].contains("://")) {
        continue;
      }
      Path target = parts[0].isEmpty()
          ? page.path()
          : page.path().resolveSibling(parts[0]).normalize();
      if (Files.exists(RESOURCES.resolve(parts[0])) && !parts[0].isEmpty()) {
        continue; // an image, which the site has beside the page
      }
      if (!Files.exists(target)
          || (parts.length == 2 && !DocPage.read(target).anchors().contains(parts[1]))) {
        missing.add(link.group(1));
      }
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void filesOfTheSourceTreeExist(DocPage page) {
    assertThat(page.inlineCode().stream()
            .filter(code -> FILE.matcher(code).matches())
            .filter(code -> !Files.exists(Path.of(code))))
        .isEmpty();
  }

  /** A page that is reached from other sites of the source tree only has no place in the site. */
  @ParameterizedTest
  @MethodSource("pages")
  void pagesOfTheSiteLinkToPagesOfTheSite(DocPage page) {
    if (!page.path().startsWith(DocPage.SITE)) {
      return;
    }
    assertThat(LINK.matcher(page.prose()).results().map(link -> link.group(1)))
        .allMatch(link -> link.matches("[a-z-]+\\.md(#.*)?|#.*|https://.*|images/[a-z-]+\\.png"));
  }

  @Test
  void theMenuHasEveryPageOnce() throws IOException {
    List<String> menu = MENU.matcher(Files.readString(Path.of("src/site/site.xml")))
        .results()
        .map(item -> item.group(1))
        .toList();
    Set<String> pages = DocPage.all()
        .filter(page -> page.path().startsWith(DocPage.SITE))
        .map(page -> page.path().getFileName().toString().replace(".md", ""))
        .collect(Collectors.toSet());
    assertThat(menu).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(pages);
  }
}
