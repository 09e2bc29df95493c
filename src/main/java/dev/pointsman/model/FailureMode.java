package dev.pointsman.model;

/** The treatment of a request whose endpoint picker fails (InferencePool's {@code failureMode}). */
public enum FailureMode {
  /** The request fails. The API's default. */
  FAIL_CLOSE,
  /** Envoy selects an endpoint of the pool. */
  FAIL_OPEN
}
