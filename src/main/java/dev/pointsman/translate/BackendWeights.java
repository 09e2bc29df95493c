package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.xds.HostNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the weights of a rule's backends from its endpoints: one locality for each backend, with the region
 * {@code <rule>/backend/<index>}. Envoy Gateway reports weights only there: in the Endpoints hook, or in the cluster
 * itself if the rule's first backend has a host name.
 */
public final class BackendWeights {
  private Map<String, List<BackendWeight>> weights = new HashMap<>();
  private Map<String, ClusterLoadAssignment> byName = new HashMap<>();

  /**
   * The reports of the Endpoints hook for one translation, by cluster.
   *
   * @param weights of the rules' backends
   * @param byName endpoints with host names, which were removed from endpoint discovery
   */
  public record Reported(
      Map<String, List<BackendWeight>> weights, Map<String, ClusterLoadAssignment> byName) {}

  /** The weights that a cluster itself carries; null if it carries none. */
  static @Nullable List<BackendWeight> carried(ByteString cluster) {
    try {
      Cluster read = Cluster.parseFrom(cluster);
      return read.hasLoadAssignment() ? read(read.getLoadAssignment()) : null;
    } catch (InvalidProtocolBufferException unreadable) {
      return null; // reported where the cluster is needed
    }
  }

  /**
   * Stores the weights of an assignment. Ignores assignments that belong to no rule or cannot be read.
   *
   * @return the assignment for endpoint discovery
   */
  public ByteString remember(ByteString loadAssignment) {
    try {
      ClusterLoadAssignment assignment = ClusterLoadAssignment.parseFrom(loadAssignment);
      weights.put(assignment.getClusterName(), read(assignment));
      if (HostNames.areNextToPools(assignment)) {
        byName.put(assignment.getClusterName(), assignment);
        return HostNames.remove(assignment).toByteString();
      }
    } catch (InvalidProtocolBufferException unreadable) {
      // Without reported weights the rule gets equal weights and a diagnostic.
    }
    return loadAssignment;
  }

  /** The reports since the last call. */
  public Reported take() {
    Reported reported = new Reported(weights, byName);
    weights = new HashMap<>();
    byName = new HashMap<>();
    return reported;
  }

  private static List<BackendWeight> read(ClusterLoadAssignment assignment) {
    List<BackendWeight> backends = new ArrayList<>();
    for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
      BackendWeight.index(locality.getLocality().getRegion()).ifPresent(index -> {
        long weight = Integer.toUnsignedLong(locality.getLoadBalancingWeight().getValue());
        backends.add(new BackendWeight(index, weight, locality.getLbEndpointsCount() == 0));
      });
    }
    return List.copyOf(backends);
  }
}
