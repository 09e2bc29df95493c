package dev.pointsman.rig;

import dev.pointsman.config.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code pointsman serve} as a process, reading a folder. */
final class PointsmanServer implements AutoCloseable {
  private static final HostPort HOOKS = new HostPort("127.0.0.1", 5005);
  private static final HostPort EDS = new HostPort("127.0.0.1", 18010);
  private static final HostPort ADMIN = new HostPort("127.0.0.1", 18080);
  private static final Duration START = Duration.ofSeconds(120);

  /** The addresses of its hooks, endpoint discovery and admin port. */
  static final List<HostPort> ADDRESSES = List.of(HOOKS, EDS, ADMIN);

  private final Proc process;

  private PointsmanServer(Proc process) {
    this.process = process;
  }

  /**
   * Starts it, not waiting until it is ready.
   *
   * @param folder for its log
   * @param resources that it reads
   */
  static PointsmanServer start(Parts parts, Path folder, Path resources) {
    return new PointsmanServer(Proc.start(
        "Pointsman",
        folder.resolve("pointsman.log"),
        Map.of(),
        parts.pointsman(
            "serve",
            "--resources",
            resources.toString(),
            "--grpc-address",
            HOOKS.toString(),
            "--eds-address",
            EDS.toString(),
            "--admin-address",
            ADMIN.toString())));
  }

  /** The block for Envoy Gateway's configuration. */
  static String gatewayConfig(Parts parts, Path folder) {
    return Parts.output(folder, parts.pointsman("gateway-config").toArray(String[]::new));
  }

  void awaitReady() {
    process.await(
        "to be ready",
        START,
        () -> Http.tryGet("http://" + ADMIN + "/readyz")
            .filter(ready -> ready.statusCode() == 200)
            .isPresent());
  }

  CompletableFuture<String> onEnd() {
    return process.onEnd();
  }

  @Override
  public void close() {
    process.close();
  }
}
