package dev.pointsman.differential;

import dev.pointsman.config.HostPort;

/**
 * The addresses of a situation. They depend on its slot in the batch, not on its seed.
 *
 * @param batch the number of the batch: each has other addresses, because Envoy may still have those of the last one
 * @param slot from 0 to {@link #SLOTS} - 1
 */
record Addresses(int batch, int slot) {
  /** The situations of a batch; a Gateway has at most 64 listeners. */
  static final int SLOTS = 60;

  /** The number of a backend's pods. */
  static final int PODS = 2;

  private static final int FIRST_LISTENER = 21000;
  private static final int LISTENERS = 1000;
  private static final int BATCHES = 200;
  private static final int PICKERS_FROM = 100;

  /** The port of the situation's listener on Gateway 0 or 1. */
  int listener(int gateway) {
    return FIRST_LISTENER + gateway * LISTENERS + slot;
  }

  private String network() {
    return "127." + (2 + batch % BATCHES) + "." + slot + ".";
  }

  /** The address of a backend's pod. */
  HostPort pod(int backend, int pod) {
    return new HostPort(network() + (1 + backend * PODS + pod), 8000);
  }

  /** The endpoint picker of a backend's pool. */
  HostPort picker(int backend) {
    return new HostPort(network() + (PICKERS_FROM + backend), 9002);
  }

  /** The authorizer (ext_authz) of the situation. */
  HostPort authorizer() {
    return new HostPort(network() + "201", 9200);
  }

  /** The user's processor (ext_proc) of the situation. */
  HostPort processor() {
    return new HostPort(network() + "200", 9100);
  }
}
