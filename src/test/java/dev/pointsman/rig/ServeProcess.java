package dev.pointsman.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The jar's {@code pointsman serve} on free ports of loopback, over a folder of manifests.
 *
 * @param hooks the port of the hooks
 * @param admin the port of the page
 */
public record ServeProcess(Proc process, int hooks, int admin) implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Pattern LISTENING =
      Pattern.compile("listening: hooks 127.0.0.1:(\\d+),.* admin 127.0.0.1:(\\d+)");

  /**
   * Starts it and waits until it is ready.
   *
   * @param log the file for its log
   */
  public static ServeProcess start(Path log, Path resources) throws IOException {
    Parts parts =
        new Parts(Path.of("").toAbsolutePath(), Path.of("envoy"), Path.of("envoy-gateway"), 1);
    Proc process = Proc.start(
        "Pointsman", log, Map.of(), parts.pointsman(arguments(resources).toArray(String[]::new)));
    process.await("to be ready", START, () -> read(log).contains("ready, "));
    Matcher listening = LISTENING.matcher(read(log));
    if (!listening.find()) {
      throw new IOException("the log names no ports: " + read(log));
    }
    return new ServeProcess(
        process, Integer.parseInt(listening.group(1)), Integer.parseInt(listening.group(2)));
  }

  /** The arguments: each port is a free one of loopback. */
  public static List<String> arguments(Path resources) {
    return List.of(
        "serve",
        "--resources",
        resources.toString(),
        "--grpc-address",
        "127.0.0.1:0",
        "--eds-address",
        "127.0.0.1:0",
        "--admin-address",
        "127.0.0.1:0");
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException notYet) {
      return "";
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
