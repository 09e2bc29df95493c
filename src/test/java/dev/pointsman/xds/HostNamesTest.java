package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {
  private static final List<String> POOL = List.of();

  @ParameterizedTest
  @ValueSource(strings = {"models.example.com", "localhost", "10.example", "fe80"})
  void nameNextToAPool(String name) {
    ClusterLoadAssignment given = assignment(POOL, List.of(name), List.of("10.0.0.1"));
    assertThat(HostNames.areNextToPools(given)).isTrue();
    assertThat(HostNames.remove(given)).isEqualTo(assignment(POOL, List.of(), List.of("10.0.0.1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "fe80::1", "::1", "::ffff:10.0.0.1"})
  void addressNextToAPool(String address) {
    assertThat(HostNames.areNextToPools(assignment(POOL, List.of(address)))).isFalse();
  }

  @Test
  void nameWithoutPools() {
    assertThat(HostNames.areNextToPools(assignment(List.of("models.example.com"))))
        .isFalse();
  }

  @Test
  void clusterThatResolves() {
    ClusterLoadAssignment endpoints = assignment(POOL, List.of("models.example.com"));
    Cluster.Builder given = Cluster.newBuilder()
        .setName("rule")
        .setType(DiscoveryType.EDS)
        .setDnsLookupFamily(Cluster.DnsLookupFamily.V4_PREFERRED);
    given.getEdsClusterConfigBuilder().setServiceName("rule");
    Cluster resolving = HostNames.resolve(given.build(), endpoints);
    assertThat(resolving.getType()).isEqualTo(DiscoveryType.STRICT_DNS);
    assertThat(resolving.hasEdsClusterConfig()).isFalse();
    assertThat(resolving.getLoadAssignment()).isEqualTo(endpoints);
    assertThat(resolving.getDnsLookupFamily()).isEqualTo(Cluster.DnsLookupFamily.V4_PREFERRED);
  }

  @SafeVarargs
  private static ClusterLoadAssignment assignment(List<String>... backends) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName("rule");
    for (List<String> addresses : backends) {
      LocalityLbEndpoints.Builder locality = assignment.addEndpointsBuilder();
      for (String address : addresses) {
        locality
            .addLbEndpointsBuilder()
            .getEndpointBuilder()
            .getAddressBuilder()
            .getSocketAddressBuilder()
            .setAddress(address)
            .setPortValue(80);
      }
    }
    return assignment.build();
  }
}
