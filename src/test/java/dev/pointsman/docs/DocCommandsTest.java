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
  private static final Pattern OURS = Pattern.compile(
      "(?<![\\w/-])(?:hack/)?pointsman (serve|translate|explain|gateway-config|check|version|completion)\\b([^|&;)`]*)");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(--[a-z][a-z-]+)");
  private static final Pattern CHART = Pattern.compile("--set ([\\w.]+)=");

  private static final String PROMPT = "$ pointsman ";

  static Stream<DocPage> pages() {
    return DocPage.all();
  }

  /** The lines of shell blocks, with continued lines joined and comments removed, and code within sentences. */
  private static List<String> commands(DocPage page) {
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
    assertThat(wrong).isEmpty();
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
    List<String> wrong = new ArrayList<>();
    for (String command : commands(page)) {
      Matcher ours = OURS.matcher(command);
      while (ours.find()) {
        String help = help(ours.group(1));
        options(ours.group(2))
            .filter(
                option -> !Pattern.compile(option + "\\b(?!-)").matcher(help).find())
            .forEach(option -> wrong.add(command + ": there is no " + option));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Commands that need no server run as the page has them, and print what it says. */
  @ParameterizedTest
  @MethodSource("pages")
  void outputsAreWhatThePageSays(DocPage page) {
    for (DocPage.Block block : page.blocks("")) {
      if (block.text().startsWith(PROMPT)) {
        int end = block.text().indexOf('\n');
        String[] arguments = block.text().substring(PROMPT.length(), end).split(" ");
        int most = arguments[0].equals("analyze") ? 1 : 0; // 1: it has found mistakes
        assertThat(output(most, arguments)).isEqualTo(block.text().substring(end + 1));
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
      String last = path.substring(path.lastIndexOf('.') + 1);
      assertThat(values).containsPattern("(?m)^ *" + last + ":");
    });
  }

  private static Stream<String> options(String text) {
    return OPTION.matcher(text).results().map(option -> option.group(1));
  }

  private static String help(String command) {
    return output(0, command, "--help");
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
