package dev.pointsman.kube;

import dev.pointsman.config.IpLiteral;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The addresses to which objects may send Envoy. Envoy refuses a whole assignment for one address that is none; and the
 * API server's own rules for EndpointSlices (no loopback, link-local, multicast or unspecified address) keep the author
 * of an object away from the proxy's admin port and from a cloud's metadata service.
 */
public enum Addresses {
  /** Addresses that the API server allows in an EndpointSlice. */
  OF_A_CLUSTER,
  /** Loopback too: objects in files describe processes of one host, and the owner of the host writes them. */
  OF_A_HOST;

  /** The reason why a text is not such an address; empty when it is one. */
  Optional<String> refusal(String text) {
    Optional<InetAddress> literal = IpLiteral.parse(text);
    if (literal.isEmpty()) {
      return Optional.of("not an IP address");
    }
    InetAddress address = literal.get();
    if (address.isLoopbackAddress()) {
      return this == OF_A_HOST ? Optional.empty() : Optional.of("a loopback address");
    }
    if (address.isLinkLocalAddress()) {
      return Optional.of("a link-local address");
    }
    return address.isMulticastAddress() || address.isAnyLocalAddress()
        ? Optional.of("not the address of one host")
        : Optional.empty();
  }
}
