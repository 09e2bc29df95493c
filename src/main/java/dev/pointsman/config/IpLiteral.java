package dev.pointsman.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** Parses IP addresses of users. */
public final class IpLiteral {
  private IpLiteral() {}

  /** An IPv4 address of four numbers or an IPv6 address without brackets and zone; empty for any other text. */
  public static Optional<InetAddress> parse(String text) {
    try {
      InetAddress address = InetAddress.ofLiteral(text); // without DNS
      boolean plain = address instanceof Inet6Address
          ? text.indexOf('%') < 0 && text.indexOf('[') < 0
          : address.getHostAddress().equals(text);
      return plain ? Optional.of(address) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
