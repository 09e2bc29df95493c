package dev.pointsman.config;

/** A command failed with valid options, for instance because a port is in use. The message is one line. */
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates it with a message that names the option and the reason. */
  public StartFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** Creates it with a message that names the option and the reason. */
  public StartFailure(String message) {
    super(message);
  }
}
