package dev.pointsman.bench;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteExtensionContext;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.rig.EnvoyGatewayMetadata;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A translation as Envoy Gateway sends it: rules with a model and a pool each, among other rules. */
final class LargeTranslation {
  private static final String NAME = "default/inference-gateway/llm-gw";

  private final Hooks.Connection connection =
      new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY).connect();

  private LargeTranslation() {}

  /** The request, with the routes as the Route hook returned them. */
  static PostTranslateModifyRequest of(int poolRules, int others, int hosts) {
    return new LargeTranslation().request(poolRules, others, hosts);
  }

  /**
   * A changed request: one pool rule of a virtual host is removed, another one and a cluster have a new timeout.
   *
   * @param number the number of the change; each gives another request
   */
  static PostTranslateModifyRequest changed(
      PostTranslateModifyRequest request, int poolRules, int number) {
    try {
      ShallowRouteConfiguration.Builder table =
          ShallowRouteConfiguration.parseFrom(request.getRoutes(0)).toBuilder();
      int host = number % table.getVirtualHostsCount();
      int rules = poolRules / table.getVirtualHostsCount(); // the last routes of the host
      ShallowVirtualHost.Builder routes =
          ShallowVirtualHost.parseFrom(table.getVirtualHosts(host)).toBuilder();
      int count = routes.getRoutesCount();
      Duration timeout = Duration.newBuilder().setSeconds(10_000 + number).build();
      int slower = count - 1 - (number + 1) % rules;
      Route.Builder route = Route.parseFrom(routes.getRoutes(slower)).toBuilder();
      route.getRouteBuilder().setTimeout(timeout);
      routes.setRoutes(slower, route.build().toByteString());
      int gone = count - 1 - number % rules;
      List<ByteString> others = new ArrayList<>(routes.getRoutesList());
      var _ = others.remove(gone);
      table.setVirtualHosts(
          host, routes.clearRoutes().addAllRoutes(others).build().toByteString());
      int cluster = (int) (number * 7919L % request.getClustersCount());
      return request.toBuilder()
          .setRoutes(0, table.build().toByteString())
          .setClusters(
              cluster,
              Cluster.parseFrom(request.getClusters(cluster)).toBuilder()
                  .setConnectTimeout(timeout)
                  .build()
                  .toByteString())
          .build();
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The calls of the Endpoints hook before each translation, which report the weights of the rules. */
  static List<PostEndpointsModifyRequest> weights(int poolRules) {
    return IntStream.range(0, poolRules).mapToObj(LargeTranslation::weight).toList();
  }

  private static PostEndpointsModifyRequest weight(int rule) {
    String cluster = "httproute/default/model-" + rule + "/rule/0";
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(cluster);
    LocalityLbEndpoints.Builder locality = assignment.addEndpointsBuilder();
    locality.getLocalityBuilder().setRegion(cluster + "/backend/0");
    locality.getLoadBalancingWeightBuilder().setValue(1);
    return PostEndpointsModifyRequest.newBuilder()
        .setLoadAssignment(assignment.build().toByteString())
        .build();
  }

  private PostTranslateModifyRequest request(int poolRules, int others, int hosts) {
    PostTranslateModifyRequest.Builder request = PostTranslateModifyRequest.newBuilder();
    RouteConfiguration.Builder table = RouteConfiguration.newBuilder().setName(NAME);
    for (int host = 0; host < hosts; host++) {
      VirtualHost.Builder virtualHost = VirtualHost.newBuilder()
          .setName(NAME + "/" + host)
          .addDomains(hosts == 1 ? "*" : "host" + host + ".example.com");
      for (int i = host; i < others; i += hosts) { // longer paths first, as Gateway API orders them
        virtualHost.addRoutes(other(i));
        request.addClusters(cluster("httproute/default/web-" + i + "/rule/0"));
      }
      for (int i = host; i < poolRules; i += hosts) {
        virtualHost.addRoutes(recorded(model(i), i));
        request.addClusters(cluster("httproute/default/model-" + i + "/rule/0"));
      }
      table.addVirtualHosts(virtualHost);
    }
    return request
        .addRoutes(table.build().toByteString())
        .addListeners(listener().toByteString())
        .build();
  }

  private Route recorded(Route route, int i) {
    String pool = """
        {"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool",
         "metadata":{"name":"pool-%1$d","namespace":"default"},
         "spec":{"selector":{"matchLabels":{"app":"model-%1$d"}},"targetPorts":[{"number":8000}],
          "endpointPickerRef":{"name":"picker-%1$d","port":{"number":9002}}}}
        """.formatted(i);
    PostRouteModifyRequest request = PostRouteModifyRequest.newBuilder()
        .setRoute(route.toByteString())
        .setPostRouteContext(PostRouteExtensionContext.newBuilder()
            .addExtensionResources(
                ExtensionResource.newBuilder().setUnstructuredBytes(ByteString.copyFromUtf8(pool))))
        .build();
    try {
      return Route.parseFrom(connection.route(request).getRoute());
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Route model(int i) {
    Route.Builder route = route("httproute/default/model-" + i + "/rule/0");
    HeaderMatcher.Builder model = HeaderMatcher.newBuilder().setName("X-Gateway-Model-Name");
    model.getStringMatchBuilder().setExact("model-" + i);
    route.getMatchBuilder().setPrefix("/").addHeaders(model);
    return route.build();
  }

  private static Route other(int i) {
    Route.Builder route = route("httproute/default/web-" + i + "/rule/0");
    route.getMatchBuilder().setPathSeparatedPrefix("/web/" + i);
    return route.build();
  }

  private static Route.Builder route(String rule) {
    Route.Builder route = Route.newBuilder().setName(rule + "/match/0/*");
    route
        .getRouteBuilder()
        .setCluster(rule)
        .setTimeout(Duration.newBuilder().setSeconds(86400))
        .setIdleTimeout(Duration.newBuilder().setSeconds(86400))
        .addUpgradeConfigsBuilder()
        .setUpgradeType("websocket");
    route.setMetadata(metadata(rule));
    return route;
  }

  /** The metadata of a rule, which is named {@code httproute/<namespace>/<name>/rule/<number>}. */
  private static Metadata metadata(String rule) {
    String[] parts = rule.split("/", -1);
    return EnvoyGatewayMetadata.of(new ObjectRef("HTTPRoute", parts[1], parts[2]));
  }

  private static ByteString cluster(String name) {
    Cluster.Builder cluster = Cluster.newBuilder()
        .setName(name)
        .setType(DiscoveryType.EDS)
        .setConnectTimeout(Duration.newBuilder().setSeconds(10))
        .setIgnoreHealthOnHostRemoval(true)
        .setMetadata(metadata(name));
    cluster.getPerConnectionBufferLimitBytesBuilder().setValue(32768);
    cluster
        .getEdsClusterConfigBuilder()
        .setServiceName(name)
        .getEdsConfigBuilder()
        .getAdsBuilder();
    cluster
        .getCircuitBreakersBuilder()
        .addThresholdsBuilder()
        .getMaxRetriesBuilder()
        .setValue(1024);
    cluster
        .getLoadBalancingPolicyBuilder()
        .addPoliciesBuilder()
        .getTypedExtensionConfigBuilder()
        .setName("envoy.load_balancing_policies.least_request")
        .setTypedConfig(Any.pack(LeastRequest.getDefaultInstance()));
    return cluster.build().toByteString();
  }

  private static Listener listener() {
    HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder()
        .setStatPrefix("http-8080")
        .addHttpFilters(HttpFilter.newBuilder()
            .setName("envoy.filters.http.router")
            .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    manager.getRdsBuilder().setRouteConfigName(NAME).getConfigSourceBuilder().getAdsBuilder();
    Filter filter = Filter.newBuilder()
        .setName("envoy.filters.network.http_connection_manager")
        .setTypedConfig(Any.pack(manager.build()))
        .build();
    return Listener.newBuilder()
        .setName(NAME)
        .setDefaultFilterChain(FilterChain.newBuilder().addFilters(filter))
        .build();
  }
}
