package dev.pointsman.xds;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.regex.Pattern;

/**
 * Backends with host names in a rule whose first backend is a pool. Envoy Gateway puts their names among the endpoints
 * for endpoint discovery, and Envoy refuses the whole update, including the endpoints of other rules. So the names are
 * removed there, and the rule's cluster resolves them by DNS.
 */
public final class HostNames {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
  private static final long REFRESH_SECONDS = 30; // like Envoy Gateway's DNS clusters

  private HostNames() {}

  /** Whether some endpoints are host names and some backends have no endpoints, like pools. */
  public static boolean areNextToPools(ClusterLoadAssignment assignment) {
    return assignment.getEndpointsList().stream()
            .anyMatch(locality -> locality.getLbEndpointsCount() == 0)
        && assignment.getEndpointsList().stream()
            .flatMap(locality -> locality.getLbEndpointsList().stream())
            .anyMatch(HostNames::isName);
  }

  /** The endpoints without host names. */
  public static ClusterLoadAssignment remove(ClusterLoadAssignment assignment) {
    ClusterLoadAssignment.Builder addresses = assignment.toBuilder().clearEndpoints();
    for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
      addresses.addEndpoints(locality.toBuilder()
          .clearLbEndpoints()
          .addAllLbEndpoints(locality.getLbEndpointsList().stream()
              .filter(endpoint -> !isName(endpoint))
              .toList()));
    }
    return addresses.build();
  }

  /** The rule's cluster, which resolves all of these endpoints by DNS. */
  public static Cluster resolve(Cluster cluster, ClusterLoadAssignment endpoints) {
    return cluster.toBuilder()
        .setType(DiscoveryType.STRICT_DNS)
        .clearEdsClusterConfig()
        .setLoadAssignment(endpoints)
        .setDnsRefreshRate(Protos.seconds(REFRESH_SECONDS))
        .setRespectDnsTtl(true)
        .build();
  }

  private static boolean isName(LbEndpoint endpoint) {
    String address = endpoint.getEndpoint().getAddress().getSocketAddress().getAddress();
    return !address.isEmpty() && !ADDRESS.matcher(address).matches();
  }
}
