package dev.pointsman.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The calls of kubectl and Helm in the documentation, with their arguments as a shell makes them: each line is run by bash,
 * with programs of these names that note their arguments.
 */
final class ToolCalls {
  private static final List<String> TOOLS = List.of("kubectl", "helm");

  private final Path folder;
  private final Path notes;

  /**
   * A call.
   *
   * @param tool {@code kubectl} or {@code helm}
   */
  record ToolCall(String tool, List<String> arguments) {
    /** The words before the first option and after it, without their values: {@code rollout status}. */
    String command() {
      return String.join(
          " ", arguments.stream().filter(word -> !word.startsWith("-")).limit(2).toList());
    }

    @Override
    public String toString() {
      return tool + " " + String.join(" ", arguments);
    }
  }

  ToolCalls(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.resolve("tools"));
    notes = this.folder.resolve("notes");
    for (String tool : TOOLS) {
      Path program = this.folder.resolve(tool);
      Files.writeString(
          program,
          "#!/bin/bash\n{ printf '%s\\0' " + tool + " \"$@\"; printf '\\n\\0'; } >>'" + notes
              + "'\n");
      if (!program.toFile().setExecutable(true)) {
        throw new IOException(program + " cannot be made executable");
      }
    }
  }

  /** The calls of a page. */
  List<ToolCall> of(DocPage page) {
    return DocCommandsTest.commands(page).stream()
        .filter(
            line -> TOOLS.stream().anyMatch(tool -> line.matches("(.*[ (])?" + tool + " [a-z].*")))
        .flatMap(line -> calls(line).stream())
        .toList();
  }

  private List<ToolCall> calls(String line) {
    try {
      Files.deleteIfExists(notes);
      ProcessBuilder bash = new ProcessBuilder("bash", "-c", line)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("said").toFile());
      bash.environment().put("PATH", folder + ":/usr/bin:/bin");
      Process process = bash.start();
      process.getOutputStream().close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(line + " does not end");
      }
      return Files.exists(notes) ? read(Files.readString(notes)) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<ToolCall> read(String noted) {
    List<ToolCall> calls = new ArrayList<>();
    for (String call : noted.split("\n\0")) {
      List<String> words = Stream.of(call.split("\0", -1)).toList();
      calls.add(new ToolCall(words.getFirst(), words.subList(1, words.size() - 1)));
    }
    return calls;
  }
}
