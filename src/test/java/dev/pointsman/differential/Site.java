package dev.pointsman.differential;

import dev.pointsman.config.HostPort;

/**
 * The addresses of a situation, which depend on its place in the batch and not on its seed.
 *
 * @param batch whose pods and pickers have addresses of their own: Envoy may still know those of the last one
 * @param slot from 0 to {@link #SLOTS} - 1
 */
record Site(int batch, int slot) {
  /** Situations that run at a time; a Gateway has at most 64 listeners. */
  static final int SLOTS = 60;

  /** Pods of a backend. */
  static final int PODS = 2;

  private static final int FIRST_LISTENER = 21000;
  private static final int LISTENERS = 1000;
  private static final int BATCHES = 200;
  private static final int PICKERS_FROM = 100;

  /** The port of the listener of a Gateway, 0 or 1. */
  int listener(int gateway) {
    return FIRST_LISTENER + gateway * LISTENERS + slot;
  }

  private String network() {
    return "127." + (2 + batch % BATCHES) + "." + slot + ".";
  }

  /** A pod of a backend. */
  HostPort pod(int backend, int pod) {
    return new HostPort(network() + (1 + backend * PODS + pod), 8000);
  }

  /** The endpoint picker of a backend's pool. */
  HostPort picker(int backend) {
    return new HostPort(network() + (PICKERS_FROM + backend), 9002);
  }

  /** The user's own authorizer of the situation. */
  HostPort authorizer() {
    return new HostPort(network() + "201", 9200);
  }

  /** The user's own processor (ext_proc) of the situation. */
  HostPort processor() {
    return new HostPort(network() + "200", 9100);
  }
}
