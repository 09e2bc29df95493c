package dev.pointsman.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of codes has each code of the catalogue once, and examples that are true. */
class CodesPageTest {
  private static final String PAGE = "src/site/markdown/codes.md";
  private static final String FOLDERS = "testdata/analyze/";

  private static Map<String, String> sections() throws IOException {
    Map<String, String> sections = new TreeMap<>();
    for (String section : Files.readString(Path.of(PAGE)).split("\n## ", -1)) {
      if (section.startsWith("PM")) {
        assertThat(sections.put(section.lines().findFirst().orElseThrow(), section))
            .isNull();
      }
    }
    return sections;
  }

  @Test
  void eachCodeHasOneSectionInTheOrderOfTheCatalogue() throws IOException {
    assertThat(sections().keySet())
        .containsExactlyElementsOf(Stream.of(Reason.values())
            .map(reason -> reason.code() + " " + reason)
            .toList());
  }

  @Test
  void codesAreUniqueAndAscend() {
    List<String> codes = Stream.of(Reason.values()).map(Reason::code).toList();
    assertThat(codes).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void eachSectionHasLevelTitleSymptomEffectRemedyAndExample() throws IOException {
    Map<String, String> sections = sections();
    for (Reason reason : Reason.values()) {
      assertThat(sections.get(reason.code() + " " + reason))
          .contains("\n" + reason.level() + ". " + reason.title() + ".\n")
          .containsPattern("\n- \\*\\*Symptom\\*\\*: [^\n]+\\.\n- \\*\\*Effect\\*\\*: [^\n]+\\.\n"
              + "- \\*\\*Remedy\\*\\*: [^\n]+\\.\n\n```\n[^`]+\n```");
    }
  }

  @Test
  void examplesAreTheOutputOfTheGoldenFolders() throws IOException {
    List<String> examples = new ArrayList<>();
    for (Map.Entry<String, String> section : sections().entrySet()) {
      String block = section.getValue().split("```", -1)[1].strip();
      if (block.startsWith(FOLDERS)) {
        Path folder = Path.of(block.substring(0, block.indexOf("/input.yaml")));
        assertThat(Files.readString(folder.resolve("expected.txt")))
            .as(section.getKey())
            .startsWith(block);
        examples.add(section.getKey());
      }
    }
    assertThat(examples).hasSizeGreaterThan(70);
  }
}
