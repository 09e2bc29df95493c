package dev.pointsman.rig;

import java.util.List;

/** Somebody else holds an address that the rig needs; nothing was started. */
final class PortTakenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PortTakenException(List<String> taken) {
    super(String.join("\n", taken));
  }
}
