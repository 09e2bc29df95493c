package dev.pointsman.rig;

import java.io.IOException;

/** How a stub's process begins and ends. */
final class Stub {
  static final String READY = "READY";

  private Stub() {}

  /** Says that it listens, then waits for the end of its input: a stub never outlives what started it. */
  static void serveUntilInputEnds() throws IOException {
    System.out.println(READY);
    while (System.in.read() >= 0) {
      // nothing is said to a stub this way
    }
    System.exit(0);
  }
}
