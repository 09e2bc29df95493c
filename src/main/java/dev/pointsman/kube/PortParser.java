package dev.pointsman.kube;

import dev.pointsman.model.Fields;
import tools.jackson.databind.JsonNode;

/** Parses port numbers. */
final class PortParser {
  private PortParser() {}

  /** The port, or 0 when the node is not a whole number from 1 to 65535. */
  static int number(JsonNode node) {
    boolean whole = node.isIntegralNumber() && node.canConvertToInt();
    return whole && node.asInt() >= 1 && node.asInt() <= 65535 ? node.asInt() : 0;
  }

  /** Whether the protocol of a port entry is TCP, the only one that Envoy uses here. */
  static boolean isTcp(Fields port) {
    return port.text("protocol", "TCP").equals("TCP");
  }
}
