package dev.pointsman.rig;

import java.util.ArrayList;
import java.util.List;

/** Somebody else holds an address that the rig needs; nothing was started. */
final class PortTakenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ArrayList<String> taken;

  PortTakenException(List<String> taken) {
    super(String.join("\n", taken));
    this.taken = new ArrayList<>(taken);
  }

  /** One line for each address. */
  List<String> taken() {
    return taken;
  }
}
