package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.BackendWeight;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the weights of a rule's backends from the Endpoints hook: one locality for each backend, with the region
 * {@code <rule>/backend/<index>}. It is the only place where Envoy Gateway tells them.
 */
final class BackendWeights {
  private static final String BACKEND = "/backend/";

  private BackendWeights() {}

  /** Adds what the assignment tells; nothing when it is not a rule's, or unreadable. */
  static void remember(ByteString loadAssignment, Map<String, List<BackendWeight>> weights) {
    try {
      ClusterLoadAssignment assignment = ClusterLoadAssignment.parseFrom(loadAssignment);
      List<BackendWeight> backends = new ArrayList<>();
      for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
        int index = index(locality.getLocality().getRegion());
        if (index >= 0) {
          long weight = Integer.toUnsignedLong(locality.getLoadBalancingWeight().getValue());
          backends.add(new BackendWeight(index, weight, locality.getLbEndpointsCount() == 0));
        }
      }
      weights.put(assignment.getClusterName(), List.copyOf(backends));
    } catch (InvalidProtocolBufferException unreadable) {
      // Without its weights the rule is split evenly, with a diagnostic.
    }
  }

  private static int index(String region) {
    int at = region.lastIndexOf(BACKEND);
    try {
      return at < 0 ? -1 : Integer.parseInt(region.substring(at + BACKEND.length()));
    } catch (NumberFormatException otherRegion) {
      return -1;
    }
  }
}
