package dev.pointsman.model;

/** What happens to a request when its endpoint picker cannot be asked (InferencePool's {@code failureMode}). */
public enum FailureMode {
  /** The request fails. The API's default. */
  FAIL_CLOSE,
  /** Envoy chooses an endpoint of the pool by itself. */
  FAIL_OPEN
}
