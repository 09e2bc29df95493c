package dev.pointsman.model;

import java.util.Comparator;

/**
 * Where a pod answers.
 *
 * @param address an IPv4 or IPv6 literal, without brackets
 */
public record Endpoint(String address, int port) implements Comparable<Endpoint> {
  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::address).thenComparing(Endpoint::port);

  @Override
  public int compareTo(Endpoint other) {
    return ORDER.compare(this, other);
  }
}
