package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.Commands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands of the documentation name scripts, commands and options that exist. */
class DocCommandsTest {
  private static final Pattern SCRIPT =
      Pattern.compile("(?<![\\w/.])(hack/[\\w./-]+)((?: [^|&;)`]*)?)");
  private static final Pattern OURS =
      Pattern.compile("(?:^|[\\s<(])(?:hack/)?pointsman ([a-z][a-z-]*)([^|&;)`]*)");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(--[a-z][a-z-]+)");
  private static final Pattern CHART = Pattern.compile("--set ([\\w.]+)=");

  private static final String PROMPT = "$ pointsman ";

  static Stream<DocPage> pages() {
    return DocPage.all();
  }

  /** The lines of shell blocks, with continued lines joined and comments removed, and code within sentences. */
  static List<String> commands(DocPage page) {
    List<String> commands = new ArrayList<>(page.inlineCode());
    Stream.of("sh", "")
        .flatMap(language -> page.blocks(language).stream())
        .flatMap(block -> block.text().replace("\\\n", " ").lines())
        .map(line -> line.replaceFirst("(^| )# .*", "").replaceFirst("^\\$ ", ""))
        .forEach(commands::add);
    return commands;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void scriptsExistAndHaveTheOptions(DocPage page) throws IOException {
    assertThat(wrongScripts(page)).isEmpty();
  }

  private static List<String> wrongScripts(DocPage page) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (String command : commands(page)) {
      Matcher script = SCRIPT.matcher(command);
      while (script.find()) {
        Path file = Path.of(script.group(1));
        if (!Files.exists(file)) {
          wrong.add(command + ": there is no " + file);
        } else if (file.toString().endsWith(".sh")) {
          String text = withParts(file);
          options(script.group(2))
              .filter(option -> !text.contains(option))
              .forEach(option -> wrong.add(command + ": " + file + " knows no " + option));
        }
      }
    }
    return wrong;
  }

  /** A script's text with that of the scripts that it reads options in. */
  private static String withParts(Path script) throws IOException {
    StringBuilder text = new StringBuilder(Files.readString(script));
    Path folder = Path.of(script.toString().replace(".sh", ""));
    if (Files.isDirectory(folder)) {
      try (Stream<Path> parts = Files.list(folder)) {
        for (Path part : parts.filter(path -> path.toString().endsWith(".sh")).toList()) {
          text.append(Files.readString(part));
        }
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void ourCommandsHaveTheOptions(DocPage page) {
    assertThat(wrongOptions(page)).isEmpty();
  }

  private static List<String> wrongOptions(DocPage page) {
    List<String> wrong = new ArrayList<>();
    for (String command : commands(page)) {
      if (!command.strip().matches("(\\$ )?(hack/)?pointsman .*|.*<\\(pointsman .*")) {
        continue; // Helm's release, a Service or a Deployment of that name
      }
      Matcher ours = OURS.matcher(command);
      while (ours.find()) {
        StringWriter out = new StringWriter();
        int code = Commands.run(
            new PrintWriter(out), new PrintWriter(new StringWriter()), ours.group(1), "--help");
        if (code != 0 || !out.toString().startsWith("Usage: pointsman " + ours.group(1))) {
          wrong.add(command + ": there is no command " + ours.group(1));
        }
        options(ours.group(2))
            .filter(option ->
                !Pattern.compile(option + "\\b(?!-)").matcher(out.toString()).find())
            .forEach(option -> wrong.add(command + ": there is no " + option));
      }
    }
    return wrong;
  }

  @Test
  void mistakesAreFound() throws IOException {
    DocPage page = new DocPage(Path.of("page.md"), """
        Run `hack/demo.sh --twice`, then `pointsman explode` or `hack/pointsman serve --resource DIR`.
        ```sh
        hack/none.sh            # a comment --with-an-option
        source <(pointsman completion bash)
        helm test pointsman -n envoy-gateway-system --logs
        ```
        """);
    assertThat(wrongScripts(page)).hasSize(2).anyMatch(one -> one.endsWith("knows no --twice"));
    assertThat(wrongOptions(page))
        .containsExactlyInAnyOrder(
            "pointsman explode: there is no command explode",
            "hack/pointsman serve --resource DIR: there is no --resource");
  }

  /** Commands that need no server run as the page has them, and print what it says. */
  @ParameterizedTest
  @MethodSource("pages")
  void outputsAreWhatThePageSays(DocPage page) {
    for (DocPage.Block block : page.blocks("")) {
      if (block.text().startsWith(PROMPT)) {
        int end = block.text().indexOf('\n');
        String[] arguments = block.text().substring(PROMPT.length(), end).split(" ");
        int most =
            List.of("analyze", "diff").contains(arguments[0]) ? 1 : 0; // 1: it has found something
        assertThat(output(most, arguments).stripTrailing())
            .isEqualTo(block.text().substring(end + 1).stripTrailing());
      }
    }
  }

  @Test
  void valuesThatAreSetAreValuesOfTheChart() throws IOException {
    String values = Files.readString(Path.of("charts/pointsman/values.yaml"));
    List<String> set = DocPage.all()
        .flatMap(page -> commands(page).stream())
        .filter(command -> command.contains("charts/pointsman"))
        .flatMap(command -> CHART.matcher(command).results().map(found -> found.group(1)))
        .distinct()
        .toList();
    assertThat(set).contains("image.repository").allSatisfy(path -> {
      String known = path.replaceFirst("\\.labels\\..*", ".labels"); // any label may be set
      String last = known.substring(known.lastIndexOf('.') + 1);
      assertThat(values).containsPattern("(?m)^ *" + last + ":");
    });
  }

  private static Stream<String> options(String text) {
    return OPTION.matcher(text).results().map(option -> option.group(1));
  }

  private static String output(int mostExitCode, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertThat(Commands.run(new PrintWriter(out), new PrintWriter(err), arguments))
        .as(err.toString())
        .isBetween(0, mostExitCode);
    return out.toString();
  }
}
