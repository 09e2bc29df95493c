package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.InferencePolicy.Identity;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PolicyPlan.Mirror;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.UpstreamTls;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.type.v3.FractionalPercent.DenominatorType;
import java.util.List;
import java.util.Optional;

/**
 * Mirrors requests to pools and Services of policies. A mirrored request passes no filter, and so no picker. If the
 * mirror pool's own picker selects the pod, the mirrored requests pass a loop listener:
 *
 * <pre>
 * route → request_mirror_policies, set the token → loop cluster
 *                                                      ↓ unix socket
 * loop listener: token removed → the mirror pool's picker → route, matched by the token → the mirror pool
 * </pre>
 */
public final class RequestMirrors {
  /**
   * The time limit of a mirrored request whose original route has no shorter one. Nothing else ends it after the client
   * has disconnected.
   */
  private static final long MAX_SECONDS = 600;

  private static final Any LIMITED =
      Any.pack(io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.newBuilder()
          .setCommonHttpProtocolOptions(limit())
          .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
              .setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance()))
          .build());

  /** The limit is set here because a local reply of the listener would have to pass a picker that may hang. */
  private static final Any LIMITED_LOOP = LoopListeners.upstream(limit());

  private final PoolClusters pools = new PoolClusters();
  private final LoopSecret secret;

  /** Creates mirrors whose tokens are made with the settings' secret. */
  public RequestMirrors(XdsSettings settings) {
    secret = settings.loopSecret();
  }

  /**
   * The route with its mirrors; mirrors to an invalid pool are omitted.
   *
   * @param identity of the route's policy
   */
  static Route add(Route route, List<Mirror> mirrors, Identity identity, LoopTokens tokens) {
    if (!route.hasRoute() || mirrors.isEmpty()) {
      return route;
    }
    List<HeaderMutation> removals = identity.keepsClientHeaders() || ClientIdentity.removes(route)
        ? List.of()
        : ClientIdentity.removalFromCopies();
    Route.Builder mirrored = route.toBuilder();
    for (Mirror mirror : mirrors) {
      if (!(mirror.backend() instanceof InvalidPool)) {
        mirrored.getRouteBuilder().addRequestMirrorPolicies(policy(mirror, removals, tokens));
      }
    }
    return mirrored.build();
  }

  private static RequestMirrorPolicy policy(
      Mirror mirror, List<HeaderMutation> removals, LoopTokens tokens) {
    RequestMirrorPolicy.Builder policy = RequestMirrorPolicy.newBuilder()
        .setDisableShadowHostSuffixAppend(true)
        // Removes the primary picker's choice, which does not apply to the mirror.
        .addRequestHeadersMutations(
            HeaderMutation.newBuilder().setRemove(XdsNames.DESTINATION_HEADER));
    if (usesPicker(mirror)) {
      String loop = loop(mirror, tokens.routeConfiguration());
      policy
          .setCluster(loop)
          .addAllRequestHeadersMutations(removals)
          .addRequestHeadersMutations(HeaderMutation.newBuilder()
              .setAppend(LoopTokens.set(LoopTokens.mirror(tokens.secret(), loop))));
    } else {
      policy.setCluster(cluster(mirror));
    }
    policy
        .getRuntimeFractionBuilder()
        .getDefaultValueBuilder()
        .setNumerator(mirror.perMillion())
        .setDenominator(DenominatorType.MILLION);
    return policy.build();
  }

  /** Whether the mirrored requests pass the mirror pool's picker in a loop. */
  public static boolean usesPicker(Mirror mirror) {
    return mirror.picker().isPresent()
        && mirror.backend() instanceof ValidPool pool
        && pool.picker().isPresent();
  }

  /**
   * The name of the cluster of a mirror's pods. With a picker, which is told the model's other name, the cluster of the
   * loop writes it.
   */
  public static String cluster(Mirror mirror) {
    String all = pods(mirror.backend());
    String pods = mirror.backend() instanceof ValidPool ? secured(all, mirror.upstreamTls()) : all;
    return usesPicker(mirror) ? pods : XdsNames.renamed(pods, mirror.model());
  }

  /** A renewed certificate does not change the name. */
  private static String secured(String pods, UpstreamTls tls) {
    return tls.equals(UpstreamTls.PLAINTEXT)
        ? pods
        : pods + "/tls/" + XdsNames.digest(tls.identity());
  }

  private static String pods(PoolBackend backend) {
    return switch (backend) {
      case ValidPool pool -> XdsNames.mirror(pool.ref());
      case ServiceBackend(var service, Optional<String> _) -> XdsNames.mirror(service);
      case InvalidPool _ -> XdsNames.INVALID_CLUSTER;
    };
  }

  /** The cluster of a mirror's pods. It honours a picker's choice if the mirrored request has one. */
  public Cluster pods(Mirror mirror) {
    Cluster pods = pods(mirror.backend(), cluster(mirror), mirror.upstreamTls());
    return usesPicker(mirror)
        ? pods
        : mirror.model().map(name -> PoolClusters.renaming(pods, name)).orElse(pods);
  }

  private Cluster pods(PoolBackend backend, String name, UpstreamTls tls) {
    Cluster.Builder base = Cluster.newBuilder()
        .setConnectTimeout(Protos.seconds(10))
        .setType(DiscoveryType.EDS)
        .setIgnoreHealthOnHostRemoval(true)
        .putTypedExtensionProtocolOptions(HttpOptions.KEY, LIMITED);
    base.getLoadBalancingPolicyBuilder()
        .addPoliciesBuilder()
        .getTypedExtensionConfigBuilder()
        .setName("envoy.load_balancing_policies.least_request")
        .setTypedConfig(Any.pack(LeastRequest.getDefaultInstance()));
    return switch (backend) {
      case ValidPool pool ->
        pools.rewrite(base.build(), name, pool, Optional.empty(), tls, Optional.empty());
      case ServiceBackend service -> pools.rewrite(base.build(), name, service);
      case InvalidPool _ -> throw new IllegalArgumentException("no cluster for " + backend);
    };
  }

  /** The cluster of the loop with the mirror pool's picker. */
  public static Cluster loopCluster(Mirror mirror, String routeConfiguration) {
    Cluster loop = LoopListeners.cluster(loop(mirror, routeConfiguration), LIMITED_LOOP);
    return mirror.model().map(name -> PoolClusters.renaming(loop, name)).orElse(loop);
  }

  private static HttpProtocolOptions limit() {
    return HttpProtocolOptions.newBuilder()
        .setMaxStreamDuration(Protos.seconds(MAX_SECONDS))
        .build();
  }

  private static String loop(Mirror mirror, String routeConfiguration) {
    String name = XdsNames.mirrorLoop(
        routeConfiguration, cluster(mirror), mirror.picker().orElse(PickerSettings.DEFAULT));
    return XdsNames.renamed(name, mirror.model());
  }

  /** The loop listener with the mirror pool's picker. */
  public Listener loopListener(Mirror mirror, String routeConfiguration) {
    String name = loop(mirror, routeConfiguration);
    PickerSettings settings = mirror.picker().orElse(PickerSettings.DEFAULT);
    Route.Builder route = Route.newBuilder()
        .setName(name)
        .setMatch(RouteMatch.newBuilder()
            .setPrefix("/")
            .addHeaders(LoopTokens.match(LoopTokens.mirror(secret, name))));
    route
        .getRouteBuilder()
        .setCluster(cluster(mirror))
        .setTimeout(Protos.seconds(0)); // limited by the original's route or the loop's cluster
    if (mirror.backend() instanceof ValidPool pool) {
      pool.picker()
          .ifPresent(picker -> route.putTypedPerFilterConfig(
              XdsNames.PICKER_FILTER, EndpointPickerFilter.perRoute(picker, settings, false)));
    }
    HttpConnectionManager.Builder manager = LoopListeners.manager("pointsman-mirror")
        .addEarlyHeaderMutationExtensions(
            ClientHeaders.strip(List.of(XdsNames.DESTINATION_HEADER)));
    RouteConfiguration.Builder routes = RouteConfiguration.newBuilder()
        .setName(name)
        .addVirtualHosts(VirtualHost.newBuilder().setName(name).addDomains("*").addRoutes(route));
    routes.getValidateClustersBuilder().setValue(false);
    return LoopListeners.listener(name, manager.setRouteConfig(routes).build());
  }
}
