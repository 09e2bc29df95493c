package dev.pointsman.config;

/** A command cannot do its work although its options can be used: a port is taken, say. The message is one line. */
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The message says which option is concerned, and the reason. */
  public StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
