package dev.pointsman.model;

/** The protocol of a pool's model servers (InferencePool v1 {@code appProtocol}). */
public enum AppProtocol {
  HTTP,
  /** {@code kubernetes.io/h2c}: HTTP/2 over cleartext with prior knowledge. */
  H2C
}
