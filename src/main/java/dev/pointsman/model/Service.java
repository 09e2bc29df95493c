package dev.pointsman.model;

import java.util.List;
import java.util.Map;

/**
 * What we need of a Service.
 *
 * @param external whether it is of type ExternalName: a name in somebody's DNS, without endpoints in the cluster
 * @param selector empty when its endpoints are given by EndpointSlices alone
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
   * @param name empty when the port has none
   * @param targetPort the port of the pod; a named target port is resolved through EndpointSlices and is 0 here
   */
  public record Port(String name, int port, int targetPort) {}

  public Service {
    selector = Map.copyOf(selector);
    ports = List.copyOf(ports);
  }
}
