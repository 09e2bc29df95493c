package dev.pointsman.model;

import java.util.Comparator;

/**
 * The address of a pod's server.
 *
 * @param address an IPv4 or IPv6 literal, without brackets
 */
public record Endpoint(String address, int port) implements Comparable<Endpoint> {
  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::address).thenComparing(Endpoint::port);

  /** As Envoy and pickers write it; IPv6 has brackets. */
  @Override
  public String toString() {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
  }

  @Override
  public int compareTo(Endpoint other) {
    return ORDER.compare(this, other);
  }
}
