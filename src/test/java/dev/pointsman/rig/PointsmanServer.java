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
  private static final HostPort SHADOW_BEFORE = new HostPort("127.0.0.1", 5105);
  private static final HostPort SHADOW_AFTER = new HostPort("127.0.0.1", 5106);
  private static final HostPort SHADOW_EDS = new HostPort("127.0.0.1", 18110);
  private static final Duration START = Duration.ofSeconds(60);

  /** The admin port of the shadow. */
  static final HostPort SHADOW_ADMIN = new HostPort("127.0.0.1", 18180);

  /** The addresses of its hooks, endpoint discovery and admin port. */
  static final List<HostPort> ADDRESSES = List.of(HOOKS, EDS, ADMIN);

  private final Proc process;
  private final HostPort admin;

  private PointsmanServer(Proc process, HostPort admin) {
    this.process = process;
    this.admin = admin;
  }

  /**
   * Starts it, not waiting until it is ready.
   *
   * @param folder for its log
   * @param resources that it reads
   */
  static PointsmanServer start(Parts parts, Path folder, Path resources) {
    return new PointsmanServer(
        Proc.start(
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
                ADMIN.toString())),
        ADMIN);
  }

  /** Starts a shadow of the one that {@link #start} starts, not waiting until it is ready. */
  static PointsmanServer startShadow(Parts parts, Path folder, Path resources) {
    return new PointsmanServer(
        Proc.start(
            "the shadow of Pointsman",
            folder.resolve("shadow.log"),
            Map.of(),
            parts.pointsman(
                "serve",
                "--shadow",
                "--resources",
                resources.toString(),
                "--grpc-address",
                SHADOW_BEFORE.toString(),
                "--shadow-address",
                SHADOW_AFTER.toString(),
                "--eds-address",
                SHADOW_EDS.toString(),
                "--eds-advertise",
                EDS.toString(),
                "--admin-address",
                SHADOW_ADMIN.toString())),
        SHADOW_ADMIN);
  }

  /** The block for Envoy Gateway's configuration with the shadow. */
  static String shadowedGatewayConfig(Parts parts, Path folder) {
    return Parts.output(
        folder,
        parts
            .pointsman(
                "gateway-config",
                "--shadow-before",
                SHADOW_BEFORE.toString(),
                "--shadow-after",
                SHADOW_AFTER.toString())
            .toArray(String[]::new));
  }

  /** The block for Envoy Gateway's configuration. */
  static String gatewayConfig(Parts parts, Path folder) {
    return Parts.output(folder, parts.pointsman("gateway-config").toArray(String[]::new));
  }

  void awaitReady() {
    process.await(
        "to be ready",
        START,
        () -> Http.tryGet("http://" + admin + "/readyz")
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
