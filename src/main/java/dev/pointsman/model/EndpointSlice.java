package dev.pointsman.model;

import java.util.List;
import java.util.Map;

/**
 * The relevant part of an EndpointSlice.
 *
 * @param service the Service that it belongs to (label {@code kubernetes.io/service-name})
 * @param addresses the addresses of its endpoints that are ready, serving and not terminating
 * @param ports port numbers by port name; an unnamed port has the empty name
 */
public record EndpointSlice(
    String namespace, String service, List<String> addresses, Map<String, Integer> ports) {
  public EndpointSlice {
    addresses = List.copyOf(addresses);
    ports = Map.copyOf(ports);
  }
}
