package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.kubernetes.Fault.Undo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The clock of Pointsman's processes alone jumps: a library that is loaded before the C library adds an offset. Needs a C
 * compiler. The machine's clock, and those of programs in Go and of Envoy, stay right.
 */
final class ClockJump {
  private static final Path SOURCE = Path.of("testdata/faults/clock.c");
  private static final Path LIBRARY = Path.of("target/clock.so");
  private static final Path OFFSET = Path.of("target/clock-offset");

  /** The project's folder in Pointsman's pods. */
  private static final Path INSIDE = Path.of("/opt/pointsman");

  private static final Duration DAY = Duration.ofDays(1);
  private static final int DAYS = 30;

  private ClockJump() {}

  /** Starts both replicas with such a clock, and lets it jump. */
  static Undo begin(FaultScene scene) {
    var _ = Commands.run(
        Map.of(),
        "",
        "cc",
        List.of("-shared", "-fPIC", "-O2", "-o", LIBRARY.toString(), SOURCE.toString(), "-ldl"));
    move(Duration.ZERO);
    Cluster cluster = scene.cluster();
    environment(
        cluster, "LD_PRELOAD=" + INSIDE.resolve(LIBRARY), "CLOCK_OFFSET=" + INSIDE.resolve(OFFSET));
    new PointsmanDeployment(cluster).awaitRollout();
    scene.awaitWhole(scene.change());
    move(DAY.multipliedBy(DAYS));
    scene.awaitWhole(scene.change());
    assertMoved(cluster);
    return () -> {
      move(Duration.ZERO);
      scene.awaitWhole(scene.change());
      environment(cluster, "LD_PRELOAD-", "CLOCK_OFFSET-");
      new PointsmanDeployment(cluster).awaitRollout();
    };
  }

  private static void environment(Cluster cluster, String... variables) {
    List<String> arguments =
        new ArrayList<>(List.of("set", "env", "-n", Cluster.SYSTEM, Replica.DEPLOYMENT));
    arguments.addAll(List.of(variables));
    cluster.kubectl(arguments.toArray(String[]::new));
  }

  /** By Pointsman's own words: a hook was called in the future. */
  private static void assertMoved(Cluster cluster) {
    double soon = System.currentTimeMillis() / 1000.0 + DAY.toSeconds();
    assertThat(Replica.all(cluster).stream()
            .flatMap(replica -> replica.metrics("pointsman_hook_last_call_seconds"))
            .map(Replica::value))
        .anyMatch(seconds -> seconds > soon);
  }

  private static void move(Duration by) {
    ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES)
        .order(ByteOrder.nativeOrder())
        .putLong(by.toSeconds())
        .flip();
    try (FileChannel file =
        FileChannel.open(OFFSET, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (seconds.hasRemaining()) {
        int _ = file.write(seconds, seconds.position());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
