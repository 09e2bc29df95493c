package dev.pointsman.model;

import java.util.List;
import java.util.Map;

/**
 * The relevant part of a Service.
 *
 * @param external whether it is of type ExternalName: a DNS name without endpoints in the cluster
 * @param selector empty if only EndpointSlices define its endpoints
 */
public record Service(
    String namespace,
    String name,
    boolean external,
    Map<String, String> selector,
    List<Port> ports) {
  /**
   * A port of the Service.
   *
   * @param name empty if the port has none
   * @param targetPort the port of the pod; 0 for a named target port, which EndpointSlices resolve
   */
  public record Port(String name, int port, int targetPort) {}

  public Service {
    selector = Map.copyOf(selector);
    ports = List.copyOf(ports);
  }
}
