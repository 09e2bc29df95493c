package dev.pointsman.rig;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A Java agent that lets the process that loads it lose something, bit by bit, until it ends. */
public final class Leak {
  private static final int BYTES = 256 << 10;
  private static final long PAUSE_MS = 500;
  private static final List<Object> KEPT = new CopyOnWriteArrayList<>();

  private Leak() {}

  /**
   * Begins.
   *
   * @param kind {@code heap}, {@code threads} or {@code files}
   */
  public static void agentmain(String kind) {
    Thread.ofPlatform().daemon().name("leak").start(() -> {
      try {
        while (true) {
          KEPT.add(lost(kind));
          Thread.sleep(PAUSE_MS);
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private static Object lost(String kind) throws IOException {
    return switch (kind) {
      case "heap" -> new byte[BYTES];
      case "threads" -> Thread.ofPlatform().daemon().name("lost").start(() -> LockSupport.park());
      case "files" -> {
        InputStream file = Files.newInputStream(Path.of("/proc/self/status"));
        yield file;
      }
      default -> throw new IllegalArgumentException(kind);
    };
  }
}
