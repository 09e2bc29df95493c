package dev.pointsman.explain;

import dev.pointsman.model.Endpoint;
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

  private static String text(Address address) {
    SocketAddress socket = address.getSocketAddress();
    return address.hasPipe()
        ? address.getPipe().getPath()
        : new Endpoint(socket.getAddress(), socket.getPortValue()).toString();
  }
}
