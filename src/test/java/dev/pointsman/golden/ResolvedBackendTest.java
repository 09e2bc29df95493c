package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.server.ExplainableTranslations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CustomClusterType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A backend whose endpoints Envoy finds by the request has endpoints that nobody knows, and works. */
class ResolvedBackendTest {
  private static final String CLUSTER = "httproute/default/inference-route/rule/0";

  private static TrafficShare share(Cluster changed) throws Exception {
    GatewayXds xds = ExplainableTranslations.of(
            List.of(GoldenCase.named("model-routes-two-pools").answer()))
        .getFirst()
        .xds();
    Map<String, Cluster> clusters = new HashMap<>(xds.clusters());
    assertThat(clusters.put(CLUSTER, changed)).isNotNull();
    AskedRequest request = new AskedRequest(
        "",
        "localhost",
        "POST",
        "/v1/chat/completions",
        new TreeMap<>(Map.of("content-type", "application/json")),
        AskedBody.of("{\"model\":\"qwen\"}"));
    Forwarded end = (Forwarded) new Explainer(
            new GatewayXds(xds.listeners(), xds.routes(), clusters),
            _ -> Optional.empty(),
            List.of())
        .explain(request)
        .end();
    return end.shares().getFirst();
  }

  @Test
  void aDynamicResolverIsNoBackendWithoutEndpoints() throws Exception {
    TrafficShare share = share(Cluster.newBuilder()
        .setName(CLUSTER)
        .setClusterType(
            CustomClusterType.newBuilder().setName("envoy.clusters.dynamic_forward_proxy"))
        .build());
    assertThat(share.endpoints()).isEmpty();
    assertThat(share.error()).isEmpty();
  }

  /** Envoy Gateway's clusters of host names have a type of their own and a list, which Envoy resolves. */
  @Test
  void aHostNameIsAnEndpoint() throws Exception {
    Cluster.Builder cluster = Cluster.newBuilder()
        .setName(CLUSTER)
        .setClusterType(CustomClusterType.newBuilder().setName("envoy.cluster.dns"));
    cluster
        .getLoadAssignmentBuilder()
        .addEndpointsBuilder()
        .addLbEndpointsBuilder()
        .getEndpointBuilder()
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("models.example.com")
        .setPortValue(443);
    assertThat(share(cluster.build()).endpoints()).contains(List.of("models.example.com:443"));
  }

  @Test
  void aListWithoutEndpointsIsOne() throws Exception {
    TrafficShare share = share(
        Cluster.newBuilder().setName(CLUSTER).setType(DiscoveryType.STATIC).build());
    assertThat(share.endpoints()).contains(List.of());
    assertThat(share.error()).isPresent();
  }
}
