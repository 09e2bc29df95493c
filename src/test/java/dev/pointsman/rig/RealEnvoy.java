package dev.pointsman.rig;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** An Envoy process with its admin port on loopback; closing it ends the process and deletes its files. */
public final class RealEnvoy implements AutoCloseable {
  /** The versions that we support, newest first; each is fetched once and cached. */
  public static final List<String> VERSIONS = List.of(
      Versions.of("ENVOY_VERSION"),
      Versions.of("ENVOY_VERSION_BEFORE"),
      Versions.of("ENVOY_VERSION_OLDEST"));

  /** The newest of them. */
  public static final String NEWEST = VERSIONS.getFirst();

  private static final Duration START = Duration.ofSeconds(120);
  private static final String ADMIN =
      "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}";
  private static final Map<String, Path> BINARIES = new ConcurrentHashMap<>();

  private final Process process;
  private final Path folder;
  private final String admin;
  private final HttpClient http = HttpClient.newHttpClient();

  private RealEnvoy(Process process, Path folder, String admin) {
    this.process = process;
    this.folder = folder;
    this.admin = admin;
  }

  /**
   * Starts Envoy and returns once its admin port answers.
   *
   * @param yaml a bootstrap; its admin port is overridden, and it needs no node
   */
  public static RealEnvoy start(String version, String yaml) {
    return start(version, "envoy.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  /** Likewise, with a serialized bootstrap. */
  public static RealEnvoy start(String version, byte[] bootstrap) {
    return start(version, "envoy.pb", bootstrap);
  }

  private static RealEnvoy start(String version, String name, byte[] bootstrap) {
    try {
      Path folder = Files.createTempDirectory("envoy-");
      Path config = Files.write(folder.resolve(name), bootstrap);
      Path address = folder.resolve("admin-address");
      List<String> command = new ArrayList<>(command(version, config));
      command.addAll(List.of("--config-yaml", ADMIN, "--admin-address-path", address.toString()));
      Process process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve("log").toFile())
          .start();
      return new RealEnvoy(process, folder, awaitAddress(process, folder, address));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The result of {@code --mode validate} for a bootstrap. */
  public record Validation(int exitCode, String output) {
    /** Whether Envoy would load it. */
    public boolean ok() {
      return exitCode == 0;
    }
  }

  /** Lets an Envoy check a bootstrap without serving it. */
  public static Validation validate(String version, Path config) {
    try {
      List<String> command = new ArrayList<>(command(version, config));
      command.addAll(List.of("--mode", "validate"));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Validation(exitCode(process), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The binary of a version, which is fetched if it is not there yet. */
  public static Path binary(String version) {
    return BINARIES.computeIfAbsent(version, RealEnvoy::fetch);
  }

  /** The answer of the admin port, for example to {@code /config_dump?include_eds}. */
  public String admin(String path) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + admin + path))
          .timeout(Duration.ofSeconds(30))
          .build();
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException("Envoy's admin port: " + log(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The hosts of a cluster, {@code address:port}, sorted. */
  public List<String> hosts(String cluster) {
    Pattern line =
        Pattern.compile("(?m)^" + Pattern.quote(cluster) + "::([^:]+:\\d+|\\[.+]:\\d+)::");
    Matcher matcher = line.matcher(admin("/clusters"));
    TreeSet<String> hosts = new TreeSet<>();
    while (matcher.find()) {
      hosts.add(matcher.group(1));
    }
    return List.copyOf(hosts);
  }

  /** A counter or gauge, 0 when it does not exist. */
  public long stat(String name) {
    Pattern line = Pattern.compile("(?m)^" + Pattern.quote(name) + ": (\\d+)$");
    Matcher matcher = line.matcher(admin("/stats?usedonly"));
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** The port on which a listener with port 0 really listens. */
  public int listenerPort(String name) {
    Matcher matcher = Pattern.compile("(?m)^" + Pattern.quote(name) + "::.*:(\\d+)$")
        .matcher(admin("/listeners"));
    if (!matcher.find()) {
      throw new IllegalStateException("no listener " + name + " in " + admin("/listeners"));
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** The log of Envoy. */
  public String log() {
    return logOf(folder);
  }

  /** The process, for faults such as {@code SIGSTOP}. */
  public Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      for (String file : List.of("envoy.yaml", "envoy.pb", "admin-address", "log")) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(String version, Path config) {
    return List.of(
        binary(version).toString(),
        "-c",
        config.toString(),
        "--service-node",
        "test",
        "--service-cluster",
        "test",
        "--concurrency",
        "1",
        "--disable-hot-restart", // several at once on one machine
        "--file-flush-interval-msec", // of access logs; by default 10 s
        "100",
        "--log-level",
        "warning");
  }

  private static String awaitAddress(Process process, Path folder, Path address)
      throws IOException {
    try {
      await("Envoy's address")
          .pollInterval(Duration.ofMillis(20))
          .atMost(START)
          .until(() -> !process.isAlive() || (Files.exists(address) && Files.size(address) > 0));
    } catch (ConditionTimeoutException late) {
      process.destroyForcibly();
      throw new IllegalStateException("Envoy did not start:\n" + logOf(folder), late);
    }
    if (!process.isAlive()) {
      throw new IllegalStateException("Envoy did not start:\n" + logOf(folder));
    }
    return Files.readString(address).strip();
  }

  private static String logOf(Path folder) {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  private static Path fetch(String version) {
    try {
      Process process = new ProcessBuilder("hack/envoy.sh", version)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      String path =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (exitCode(process) != 0 || !Files.isExecutable(Path.of(path))) {
        throw new IllegalStateException("hack/envoy.sh " + version + " gave no Envoy: " + path);
      }
      return Path.of(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int exitCode(Process process) {
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException("did not end within 2 minutes: " + process.info());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
