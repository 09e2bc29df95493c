package dev.pointsman;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that the page about trust names are there. */
class ThreatModelTest {
  private static final Path PAGE = Path.of("src/site/markdown/threat-model.md");

  /** {@code Class} or {@code Class.method}, in the page's code style. */
  private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*(?:IT|Test))(?:\\.(\\w+))?`");

  @Test
  void eachTestThatThePageNamesExists() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    Matcher matcher = NAMED.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      String method = matcher.group(2);
      String source = sources.getOrDefault(matcher.group(1), "");
      if (source.isEmpty() || (method != null && !source.contains("void " + method + "("))) {
        missing.add(matcher.group());
      }
      named++;
    }
    assertThat(named).as("tests that the page names").isGreaterThan(20);
    assertThat(missing).isEmpty();
  }

  /** The sources of the tests, by class. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
      }
    }
    return sources;
  }
}
