package dev.pointsman.explain;

/** The request does not say enough to explain it; the message names the remedy. */
public final class UnclearRequest extends Exception {
  private static final long serialVersionUID = 1L;

  UnclearRequest(String message) {
    super(message);
  }
}
