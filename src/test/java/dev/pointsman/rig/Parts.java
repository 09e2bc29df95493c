package dev.pointsman.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs that the rig runs, none of them a stand-in. The scripts in {@code hack/} find them; without one of them the rig fails.
 *
 * @param root of the repository
 * @param envoyConcurrency Envoy's worker threads
 */
public record Parts(Path root, Path envoy, Path envoyGateway, int envoyConcurrency) {

  /** Fetches or builds what is missing, which takes some minutes the first time; progress goes to stderr. */
  public static Parts find(int envoyConcurrency) {
    Path root = Path.of("").toAbsolutePath();
    if (!Files.exists(root.resolve("target/pointsman.jar"))) {
      throw new IllegalStateException("no target/pointsman.jar: run ./mvnw package first");
    }
    return new Parts(
        root,
        Path.of(output(root, "hack/envoy.sh")),
        Path.of(output(root, "hack/envoy-gateway.sh")),
        envoyConcurrency);
  }

  /** The same with another program in place of Envoy, which runs it in its own way. */
  public Parts withEnvoy(Path program) {
    return new Parts(root, program, envoyGateway, envoyConcurrency);
  }

  /** The command that runs Pointsman. */
  List<String> pointsman(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(root.resolve("hack/pointsman").toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The output of a command. */
  public static String output(Path folder, String... command) {
    try {
      Process process = new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(String.join(" ", command) + " ended with code " + code);
      }
      return printed.strip();
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The version that the Envoy binary says. */
  String envoyVersion() {
    String says = output(root, envoy.toString(), "--version");
    Matcher version = Pattern.compile("/(\\d+\\.\\d+\\.\\d+)[/-]").matcher(says);
    if (!version.find()) {
      throw new IllegalStateException(envoy + " does not say its version: " + says);
    }
    return version.group(1);
  }
}
