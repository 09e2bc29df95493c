package dev.pointsman.kube;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Tells what Envoy takes as an address: it refuses a whole assignment for one bad address in it. */
final class IpAddresses {
  private IpAddresses() {}

  /** Whether the text is an IPv4 address of four numbers or an IPv6 address without a zone. */
  static boolean isLiteral(String text) {
    try {
      InetAddress address = InetAddress.ofLiteral(text); // never asks DNS
      return address instanceof Inet6Address
          ? text.indexOf('%') < 0 && text.indexOf('[') < 0
          : address.getHostAddress().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
