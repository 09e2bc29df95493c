package dev.pointsman.model;

import java.util.Comparator;

/**
 * A port of a Kubernetes Service.
 *
 * @param port the Service's port, 1 to 65535 (not the target port)
 */
public record ServicePort(String namespace, String name, int port)
    implements Comparable<ServicePort> {
  private static final Comparator<ServicePort> ORDER = Comparator.comparing(ServicePort::namespace)
      .thenComparing(ServicePort::name)
      .thenComparing(ServicePort::port);

  @Override
  public int compareTo(ServicePort other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return namespace + "/" + name + ":" + port;
  }
}
