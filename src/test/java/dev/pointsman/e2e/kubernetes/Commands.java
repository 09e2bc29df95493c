package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Programs of this machine, run in the repository's root. */
final class Commands {
  private static final String KUBECTL = findKubectl();

  private Commands() {}

  /** The path of kubectl. */
  static String kubectl() {
    return KUBECTL;
  }

  private static String findKubectl() {
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
    return path.map(folder -> folder.resolve("kubectl"))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseGet(() -> run(Map.of(), "", "hack/kubernetes.sh", List.of()).strip() + "/kubectl");
  }

  /**
   * Runs a program to its end.
   *
   * @param input what it reads
   * @return what it prints
   * @throws AssertionError if it ends with another code than 0, with what it says
   */
  static String run(
      Map<String, String> environment, String input, String program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      Process process = builder.start();
      // not in the common pool: the JDK's HTTP client completes its answers there, and it may have
      // one thread
      CompletableFuture<String> complaint = CompletableFuture.supplyAsync(
          () -> text(process.errorReader().lines()), Thread::startVirtualThread);
      try (OutputStream in = process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new AssertionError(String.join(" ", command) + " ended with code " + code + ":\n"
            + complaint.join() + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(Stream<String> lines) {
    return String.join("\n", lines.toList());
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
