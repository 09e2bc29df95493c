package dev.pointsman.model;

import java.util.List;
import java.util.Map;

/**
 * The relevant part of a Pod.
 *
 * @param ip its {@code status.podIP}, empty until it has one
 * @param ports the TCP ports that its containers declare; a container may listen on others
 * @param phase its readiness
 */
public record Pod(
    String namespace,
    String name,
    Map<String, String> labels,
    String ip,
    List<Integer> ports,
    Phase phase) {
  /** The readiness of a Pod. */
  public enum Phase {
    /** It may become ready. */
    UNREADY,
    /** Its Ready condition is True. */
    READY,
    /** It has finished or is being deleted: it does not become ready again. */
    ENDED
  }

  public Pod {
    labels = Map.copyOf(labels);
    ports = List.copyOf(ports);
  }

  /** Whether the pod can receive requests. */
  public boolean serves() {
    return phase == Phase.READY && !ip.isEmpty();
  }

  /** Whether the pod has finished or is being deleted. */
  public boolean hasEnded() {
    return phase == Phase.ENDED;
  }
}
