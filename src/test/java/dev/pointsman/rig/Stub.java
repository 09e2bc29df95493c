package dev.pointsman.rig;

import java.io.IOException;

/** How a stub's process begins and ends. */
final class Stub {
  static final String READY = "READY";

  private Stub() {}

  /** Says that it listens, and goes on until its input ends. */
  static void serveUntilInputEnds() throws IOException {
    System.out.println(READY);
    exitWhenInputEnds();
  }

  /** A stub never outlives what started it, however that ended. */
  static void exitWhenInputEnds() throws IOException {
    while (System.in.read() >= 0) {
      // nothing is said to a stub this way
    }
    System.exit(0);
  }
}
