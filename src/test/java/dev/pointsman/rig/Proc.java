package dev.pointsman.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** A process of the rig with its log file; stops by id, with everything that it started itself. */
public final class Proc implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final String name;
  private final Path log;
  private final Process process;

  private Proc(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /** Starts a command whose output goes to {@code log}. */
  static Proc start(String name, Path log, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    try {
      return new Proc(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /** Starts a class of the test tree in a small JVM of its own. */
  static Proc startJava(String name, Path log, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(
        java(),
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1", // quick to start, and there are many of them
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName()));
    command.addAll(arguments);
    return start(name, log, Map.of(), command);
  }

  /** The java command of this JVM. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Waits until the log has a line that contains {@code text}. */
  Proc awaitLine(String text, Duration limit) {
    await("to say \"" + text + "\"", limit, () -> log().contains(text));
    return this;
  }

  /** Waits until it has ended well. */
  void awaitEnd(Duration limit) {
    if (!waitFor(limit) || process.exitValue() != 0) {
      throw new IllegalStateException(name + " failed:\n" + tail());
    }
  }

  /** Waits for something that this process has to do; fails at once when it ends instead. */
  void await(String what, Duration limit, BooleanSupplier done) {
    Awaitility.await(name + " " + what).atMost(limit).untilAsserted(() -> {
      if (!done.getAsBoolean()) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              name + " ended with code " + process.exitValue() + ":\n" + tail());
        }
        throw new AssertionError(tail());
      }
    });
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The log's end. */
  String tail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }

  /** Completes with its name when it has ended. */
  CompletableFuture<String> onEnd() {
    return process.onExit().thenApply(ended -> name + " (code " + ended.exitValue() + ")");
  }

  /** Sends it a signal that Java knows no method for, e.g. STOP. */
  void signal(String name) {
    Parts.output(Path.of("/"), "kill", "-" + name, Long.toString(process.pid()));
  }

  /** Ends it at once, as a crash does. */
  void kill() {
    process.destroyForcibly();
    waitFor(GRACE);
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    if (!waitFor(GRACE)) {
      process.destroyForcibly();
    }
    for (ProcessHandle child : children) {
      child.destroy(); // does nothing to one that has ended
    }
    CompletableFuture<Void> ended = CompletableFuture.allOf(
        children.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    var _ =
        ended.completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS).join();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private boolean waitFor(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
