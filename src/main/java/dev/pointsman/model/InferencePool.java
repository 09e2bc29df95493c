package dev.pointsman.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An InferencePool of either API group, checked.
 *
 * @param selector labels that a pod of the pool has, never empty
 * @param targetPorts 1 to 8 ports on which each pod serves, in the order of the object
 * @param picker absent when the object names none (allowed since GIE 1.6): the gateway then chooses by itself
 */
public record InferencePool(
    PoolRef ref,
    Map<String, String> selector,
    List<Integer> targetPorts,
    AppProtocol appProtocol,
    Optional<EndpointPicker> picker) {
  public InferencePool {
    selector = Map.copyOf(selector);
    targetPorts = List.copyOf(targetPorts);
    if (selector.isEmpty() || targetPorts.isEmpty()) {
      throw new IllegalArgumentException("pool " + ref + " needs a selector and a target port");
    }
  }
}
