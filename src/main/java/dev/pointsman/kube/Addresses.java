package dev.pointsman.kube;

import dev.pointsman.config.IpLiteral;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The endpoint addresses that objects may contain. Envoy rejects a whole assignment for one invalid address. The API
 * server's rules for EndpointSlices (no loopback, link-local, multicast or unspecified address) also protect the
 * proxy's admin port and a cloud's metadata service from the author of an object.
 */
public enum Addresses {
  /** Addresses that the API server allows in an EndpointSlice. */
  OF_A_CLUSTER,
  /** Loopback as well: objects in files describe processes of one host and are written by its owner. */
  OF_A_HOST;

  /** The reason why a text is not an allowed address; empty when it is allowed. */
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
