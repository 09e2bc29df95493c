package dev.pointsman.explain;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.List;
import java.util.Optional;

/** The endpoints of endpoint discovery. */
@FunctionalInterface
public interface EndpointsNow {
  /** The addresses with ports of a name, sorted; empty if nothing is known about the name. */
  Optional<List<String>> of(String name);

  /** The addresses of an assignment. */
  static List<String> of(ClusterLoadAssignment assignment) {
    return assignment.getEndpointsList().stream()
        .flatMap(locality -> locality.getLbEndpointsList().stream())
        .map(endpoint -> text(endpoint.getEndpoint().getAddress()))
        .sorted()
        .toList();
  }

  /** An address with its port; IPv6 has brackets. */
  static String text(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String text(Address address) {
    SocketAddress socket = address.getSocketAddress();
    return address.hasPipe()
        ? address.getPipe().getPath()
        : text(socket.getAddress(), socket.getPortValue());
  }
}
