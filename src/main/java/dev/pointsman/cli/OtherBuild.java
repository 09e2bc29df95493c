package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Another build of Pointsman, which translates a recording in a process of its own.
 *
 * @param name a jar, else an image that docker or podman runs
 */
record OtherBuild(String name) {
  private static final int LAST_LINES = 5;

  /**
   * Its answer to the last translation of the recording, with the same bound as this build's.
   *
   * @throws BadInput if it cannot be run, or fails
   */
  PostTranslateModifyResponse translate(
      Path recorded, @Nullable Path resources, ByteSize maxMessageSize) throws IOException {
    List<String> command = command(recorded, resources);
    command.addAll(List.of("--max-message-size", maxMessageSize.toString()));
    Process process;
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new BadInput("--against " + name + " cannot be run: " + e.getMessage());
    }
    process.getOutputStream().close();
    CompletableFuture<String> errors =
        CompletableFuture.supplyAsync(() -> lastLines(process), Thread::startVirtualThread);
    byte[] answer = process.getInputStream().readAllBytes();
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new BadInput(
            "--against " + name + " failed with exit code " + exit + ": " + errors.join());
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new BadInput("--against " + name + " was interrupted");
    }
    return PostTranslateModifyResponse.parseFrom(answer);
  }

  private static String lastLines(Process process) {
    try (Stream<String> lines = process.errorReader().lines()) {
      List<String> all = lines.toList();
      return String.join("; ", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    }
  }

  private List<String> command(Path recorded, @Nullable Path resources) {
    List<String> command = new ArrayList<>();
    boolean isJar = Files.isRegularFile(Path.of(name));
    if (isJar) {
      command.addAll(List.of(java(), "--enable-native-access=ALL-UNNAMED", "-jar", name));
    } else {
      command.addAll(List.of(containerProgram(), "run", "--rm", "--network=none"));
      command.addAll(mount(recorded, "/recorded"));
      if (resources != null) {
        command.addAll(mount(resources, "/resources"));
      }
      command.add(name);
    }
    command.addAll(List.of(
        "translate", "--output", "pb", "--recorded", isJar ? recorded.toString() : "/recorded"));
    if (resources != null) {
      command.addAll(List.of("--resources", isJar ? resources.toString() : "/resources"));
    }
    return command;
  }

  private static List<String> mount(Path folder, String at) {
    return List.of("-v", folder.toAbsolutePath() + ":" + at + ":ro");
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private String containerProgram() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of("docker", "podman")
        .filter(program -> Stream.of(path.split(java.io.File.pathSeparator, -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))))
        .findFirst()
        .orElseThrow(() -> new BadInput("--against " + name
            + " is no file, and there is neither docker nor podman for an image: name a jar"));
  }
}
