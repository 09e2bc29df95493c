package dev.pointsman.cli;

import static dev.pointsman.rig.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a process: what it logs, how it ends. */
class ServeIT {
  private static final Duration START = Duration.ofSeconds(20);

  @TempDir
  private Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  private Process serve(String log, String grpcAddress, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-jar",
        System.getProperty("pointsman.jar", "target/pointsman.jar"),
        "serve",
        "--resources",
        folder.toString(),
        "--grpc-address",
        grpcAddress,
        "--eds-address",
        "127.0.0.1:0",
        "--admin-address",
        "127.0.0.1:0"));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve(log).toFile())
        .start();
    processes.add(process);
    return process;
  }

  private String log(String log) throws IOException {
    return Files.readString(folder.resolve(log));
  }

  @Test
  void getsReadyDrainsOnSigtermAndNamesATakenPort() throws Exception {
    Process first = serve("first.log", "127.0.0.1:0");
    within(START, () -> assertThat(log("first.log")).contains("ready, "));
    Matcher listening =
        Pattern.compile("listening: hooks 127.0.0.1:(\\d+)").matcher(log("first.log"));
    assertThat(listening.find()).isTrue();
    String taken = "127.0.0.1:" + listening.group(1);

    Process second = serve("second.log", taken);
    assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(log("second.log"))
        .contains("pointsman serve: --grpc-address " + taken + ": port " + listening.group(1)
            + " is taken by another process")
        .doesNotContain("\tat ");

    first.destroy(); // SIGTERM
    assertThat(first.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(log("first.log")).contains("stopping: ").contains("stopped");
  }

  @Test
  void exitsWhenReadyAndLogsJson() throws Exception {
    Process process = serve("json.log", "127.0.0.1:0", "--log-format", "json", "--exit-when-ready");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(log("json.log").lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
        .anyMatch(line -> line.contains("\"formattedMessage\":\"ready, "));
  }
}
