package dev.pointsman.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A validated InferencePool of either API group.
 *
 * @param selector the labels of the pool's pods, never empty
 * @param targetPorts 1 to 8 ports of each pod that serve requests, in the order of the object
 * @param picker absent if the object names none (allowed since GIE 1.6): the gateway then balances the load itself
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
