package dev.pointsman.kube.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The API server's answer is an error: it speaks to us, but does not give what we asked for. */
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

  /** How long the API server asks us to wait. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Whether what answers is rather something in front of an API server that is away. */
  boolean isOutage() {
    return code == 502 || code == 503 || code == 504;
  }
}
