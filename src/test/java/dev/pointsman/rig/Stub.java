package dev.pointsman.rig;

import java.io.IOException;

/** The start and the end of a stub's process, which never outlives the process that started it. */
final class Stub {
  static final String READY = "READY";

  private Stub() {}

  /** To be called first: from now on the process ends with its input, or when its main thread fails. */
  static void begin() {
    Thread.currentThread().setUncaughtExceptionHandler((_, failure) -> {
      failure.printStackTrace();
      System.exit(1);
    });
    Thread.ofPlatform().name("end-of-input").start(Stub::exitWhenInputEnds);
  }

  /** Says that it listens. */
  static void ready() {
    System.out.println(READY);
  }

  private static void exitWhenInputEnds() {
    try {
      while (System.in.read() >= 0) {
        // nothing is said to a stub this way
      }
    } catch (IOException _) {
      // as good as the end
    }
    System.exit(0);
  }
}
