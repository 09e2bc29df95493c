package dev.pointsman.eds;

import com.google.protobuf.UInt32Value;
import dev.pointsman.model.Endpoint;
import dev.pointsman.xds.CheckedService;
import dev.pointsman.xds.Structs;
import dev.pointsman.xds.SubsetResource;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The endpoints of one EDS resource.
 *
 * @param number a counter of the changes of all names: the maximum of several assignments changes if one of them does
 */
record Assignment(String name, long number, List<Endpoint> endpoints) {
  Assignment {
    endpoints = List.copyOf(endpoints);
  }

  /** The endpoints as an Envoy message. Health is left to Envoy's own checks. */
  ClusterLoadAssignment message() {
    Optional<SubsetResource> hint = SubsetResource.parse(name).filter(SubsetResource::isHint);
    // Always one locality, with a weight. Under locality-weighted balancing, which Envoy Gateway
    // sets up, a locality without a weight gets no requests beside one that has a weight; alone
    // it does (Envoy 1.40), but the result should not depend on that. Without endpoints the
    // locality clears the cluster, like an absent one.
    LocalityLbEndpoints.Builder locality =
        LocalityLbEndpoints.newBuilder().setLoadBalancingWeight(UInt32Value.of(1));
    if (hint.isPresent()) {
      locality.addLbEndpoints(socket(hint.get()));
    } else {
      Optional<Metadata> backend = BackendMetadata.of(name);
      OptionalInt healthPort = CheckedService.healthPort(name);
      endpoints.forEach(
          endpoint -> locality.addLbEndpoints(lbEndpoint(endpoint, backend, healthPort)));
    }
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(name)
        .addEndpoints(locality)
        .build();
  }

  /** The loop's socket, whose metadata names the endpoints. */
  private LbEndpoint socket(SubsetResource hint) {
    String names = endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(","));
    LbEndpoint.Builder socket = LbEndpoint.newBuilder();
    socket.getEndpointBuilder().getAddressBuilder().getPipeBuilder().setPath(hint.socket());
    socket
        .getMetadataBuilder()
        .putFilterMetadata(XdsNames.METADATA, Structs.text(SubsetResource.ENDPOINTS, names));
    return socket.build();
  }

  private static LbEndpoint lbEndpoint(
      Endpoint endpoint, Optional<Metadata> backend, OptionalInt healthPort) {
    SocketAddress.Builder address =
        SocketAddress.newBuilder().setAddress(endpoint.address()).setPortValue(endpoint.port());
    LbEndpoint.Builder lbEndpoint = LbEndpoint.newBuilder();
    lbEndpoint.getEndpointBuilder().setAddress(Address.newBuilder().setSocketAddress(address));
    backend.ifPresent(lbEndpoint::setMetadata);
    healthPort.ifPresent(
        port -> lbEndpoint.getEndpointBuilder().getHealthCheckConfigBuilder().setPortValue(port));
    return lbEndpoint.build();
  }
}
