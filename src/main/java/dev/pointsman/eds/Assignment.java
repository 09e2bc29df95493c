package dev.pointsman.eds;

import com.google.protobuf.UInt32Value;
import dev.pointsman.model.Endpoint;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.List;

/**
 * What Envoy is told under one name.
 *
 * @param number grows with every change of any name, so that the largest of several tells whether one of them changed
 */
record Assignment(String name, long number, List<Endpoint> endpoints) {
  Assignment {
    endpoints = List.copyOf(endpoints);
  }

  /** The endpoints as Envoy says it. Their health is left to Envoy: its own checks decide. */
  ClusterLoadAssignment message() {
    // Always one locality, with a weight. Under locality-weighted balancing, which Envoy Gateway
    // sets up, a locality
    // without a weight gets no requests beside one that has a weight; alone it does (Envoy 1.40),
    // but nothing here
    // should hang on that. Without endpoints it clears the cluster, as an absent locality would.
    LocalityLbEndpoints.Builder locality =
        LocalityLbEndpoints.newBuilder().setLoadBalancingWeight(UInt32Value.of(1));
    endpoints.forEach(endpoint -> locality.addLbEndpoints(lbEndpoint(endpoint)));
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(name)
        .addEndpoints(locality)
        .build();
  }

  private static LbEndpoint lbEndpoint(Endpoint endpoint) {
    SocketAddress.Builder address =
        SocketAddress.newBuilder().setAddress(endpoint.address()).setPortValue(endpoint.port());
    LbEndpoint.Builder lbEndpoint = LbEndpoint.newBuilder();
    lbEndpoint.getEndpointBuilder().setAddress(Address.newBuilder().setSocketAddress(address));
    return lbEndpoint.build();
  }
}
