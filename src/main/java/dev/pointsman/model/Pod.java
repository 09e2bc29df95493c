package dev.pointsman.model;

import java.util.Map;

/**
 * The relevant part of a Pod.
 *
 * @param ip its {@code status.podIP}, empty until it has one
 * @param ready whether its Ready condition is True, and it has neither finished nor is being deleted
 */
public record Pod(
    String namespace, String name, Map<String, String> labels, String ip, boolean ready) {
  public Pod {
    labels = Map.copyOf(labels);
  }

  /** Whether the pod can receive requests. */
  public boolean serves() {
    return ready && !ip.isEmpty();
  }
}
