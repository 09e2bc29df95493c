package dev.pointsman.e2e.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The shell of a user: variables and background processes of one command are there for the next. */
final class UserShell implements AutoCloseable {
  private static final String END = "@@ended ";

  private final Path folder;
  private final Path transcript;
  private final Process bash;
  private final BufferedReader out;
  private final Writer in;

  /**
   * The outcome of some lines.
   *
   * @param code of the last command that failed, or 0
   * @param text standard output and standard error as they come
   */
  record Ran(int code, String text) {}

  /** Starts a bash in a folder; the transcript has all that was typed and printed, for the pages' outputs. */
  UserShell(Path folder, Path transcript, Map<String, String> environment) throws IOException {
    this.folder = folder;
    this.transcript = transcript;
    Files.deleteIfExists(transcript);
    ProcessBuilder builder = new ProcessBuilder("bash", "--noprofile", "--norc", "-E")
        .directory(folder.toFile())
        .redirectErrorStream(true);
    builder.environment().putAll(environment);
    bash = builder.start();
    out = bash.inputReader();
    in = bash.outputWriter();
  }

  /** Runs lines as if they were typed. */
  Ran run(String lines) {
    try {
      Path file = Files.writeString(folder.resolve(".typed"), lines);
      in.write("failed=0; trap 'failed=$?' ERR; source " + file
          + " </dev/null; trap - ERR; printf '\\n" + END + "%s\\n' $failed\n");
      in.flush();
      StringBuilder text = new StringBuilder();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(END)) {
          Files.writeString(
              transcript,
              "$ " + lines + text,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
          return new Ran(Integer.parseInt(line.substring(END.length())), text.toString());
        }
        text.append(line).append('\n');
      }
      throw new IllegalStateException("the shell has ended: " + text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    bash.descendants().forEach(ProcessHandle::destroy);
    bash.destroy();
    try {
      if (!bash.waitFor(5, TimeUnit.SECONDS)) {
        bash.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
