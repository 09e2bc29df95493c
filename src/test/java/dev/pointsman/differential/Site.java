package dev.pointsman.differential;

import dev.pointsman.rig.HostPort;

/**
 * The addresses of a situation, which depend on its place in the batch and not on its seed.
 *
 * @param slot from 0 to {@link #SLOTS} - 1
 */
record Site(int slot) {
  /** Situations that run at a time; a Gateway has at most 64 listeners. */
  static final int SLOTS = 60;

  /** Pods of a backend. */
  static final int PODS = 2;

  private static final int FIRST_LISTENER = 21000;
  private static final int PICKERS_FROM = 100;

  /** Where the gateway takes requests. */
  int listener() {
    return FIRST_LISTENER + slot;
  }

  /** A pod of a backend. */
  HostPort pod(int backend, int pod) {
    return new HostPort("127.2." + slot + "." + (1 + backend * PODS + pod), 8000);
  }

  /** The endpoint picker of a backend's pool. */
  HostPort picker(int backend) {
    return new HostPort("127.2." + slot + "." + (PICKERS_FROM + backend), 9002);
  }

  /** The user's own processor (ext_proc) of the situation. */
  HostPort processor() {
    return new HostPort("127.2." + slot + ".200", 9100);
  }
}
