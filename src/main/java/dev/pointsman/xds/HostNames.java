package dev.pointsman.xds;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.regex.Pattern;

/**
 * Backends by host name in a rule whose first backend is a pool. Envoy Gateway puts their names among the endpoints that
 * Envoy discovers, and Envoy refuses all endpoints of such an update, those of other rules too. So the names are taken
 * out there, and the rule's cluster resolves them by DNS.
 */
public final class HostNames {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
  private static final long REFRESH_SECONDS = 30; // as Envoy Gateway's own DNS clusters

  private HostNames() {}

  /** Whether some endpoints are names and some backends have none, as pools in Envoy Gateway's eyes. */
  public static boolean areNextToPools(ClusterLoadAssignment assignment) {
    return assignment.getEndpointsList().stream()
            .anyMatch(locality -> locality.getLbEndpointsCount() == 0)
        && assignment.getEndpointsList().stream()
            .flatMap(locality -> locality.getLbEndpointsList().stream())
            .anyMatch(HostNames::isName);
  }

  /** The endpoints without those that are names. */
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

  /** The rule's cluster, which finds all of these endpoints by DNS. */
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
