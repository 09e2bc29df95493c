package dev.pointsman.kube.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An error response of the API server. */
final class ApiException extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final transient Optional<Duration> retryAfter;

  ApiException(int code, String reason, Optional<Duration> retryAfter) {
    super(reason.isEmpty() ? "answered " + code : reason + " (" + code + ")");
    this.code = code;
    this.retryAfter = retryAfter;
  }

  int code() {
    return code;
  }

  /** The delay that the API server requests. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Whether the same request may succeed later. */
  boolean isPassing() {
    return code == 401 || code >= 500;
  }

  /** Whether the response most likely is from a proxy in front of an unreachable API server. */
  boolean isOutage() {
    return code == 502 || code == 503 || code == 504;
  }
}
