package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.pointsman.incremental.Place;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.RulePlanner.Weights;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.PickerClusters;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.XdsSettings;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One translation. Resources that need no change are returned byte for byte. */
public final class Translation {
  private final XdsSettings settings;
  private final RequestMirrors mirrors;
  private final PoolClusters pools = new PoolClusters();
  private final PickerClusters pickers = new PickerClusters();

  /**
   * The resources of a request, serialized, and its size in bytes.
   *
   * @param policies InferencePolicies on Gateways, as JSON
   */
  public record Request(
      List<ByteString> clusters,
      List<ByteString> listeners,
      List<ByteString> routes,
      List<ByteString> policies,
      long size) {}

  /**
   * Inputs beside the request.
   *
   * @param clusters the request's clusters, indexed; requested as late as possible
   * @param reported by the Endpoints hook
   * @param policies that the Route hook has sent, by id
   * @param endpointDiscovery the cluster for endpoint discovery
   */
  public record Context(
      Supplier<ClusterTable> clusters,
      BackendWeights.Reported reported,
      Map<String, Struct> policies,
      ClusterSnapshot snapshot,
      ByteString endpointDiscovery) {}

  /** The serialized resources of the answer, and the numbers of changed resources. */
  public record Answer(
      List<ByteString> clusters,
      List<ByteString> listeners,
      List<ByteString> routes,
      List<Diagnostic> diagnostics,
      Changes changes) {}

  /** The numbers of Envoy Gateway's resources that the answer changes. */
  public record Changes(int clusters, int listeners, int routeConfigurations, int routes) {
    static final Changes NONE = new Changes(0, 0, 0, 0);
  }

  /** The steps whose results may be reused, for a cache that counts their reuse. */
  public static List<Place<?, ?>> reusedSteps() {
    return Places.MEMOS;
  }

  /** Creates a translation with these settings. */
  public Translation(XdsSettings settings) {
    this.settings = settings;
    mirrors = new RequestMirrors(settings);
  }

  /** Translates a request. */
  public Answer of(Request request, Context context, Reuse reuse) {
    Diagnostics diagnostics = new Diagnostics();
    // 1. Read: policies on Gateways, then the relevant virtual hosts.
    GatewayPolicies onGateways = new GatewayPolicies(request.policies(), settings, diagnostics);
    List<RouteTable> tables = RouteTable.readAll(request.routes(), onGateways, reuse, diagnostics);
    if (tables.stream().noneMatch(RouteTable::isRelevant)) {
      return unchanged(request, diagnostics);
    }
    ListenerTable listeners = ListenerTable.read(request.listeners(), reuse, diagnostics);
    Map<String, GatewayFilters> filters = listeners.filters(diagnostics);
    // 2. Attach: the policies of each rule.
    ClusterSnapshot snapshot = context.snapshot();
    Policies policies = new Policies(onGateways, tables, context.policies(), snapshot, diagnostics);
    // 3. Bound: the bytes that each namespace may add.
    Bounds bounds = Bounds.of(
        tables, policies, request.size(), request.listeners().size(), settings.largestAnswer());
    // 4. Plan: the shares of each rule, and the resources that they require.
    RulePlans plans = RulePlans.of(
        tables,
        new RulePlans.PlanSettings(policies, bounds, mirrors, reuse),
        weights(context),
        snapshot,
        diagnostics);
    RequiredResources required = plans.required();
    diagnostics.addAll(MissingPickerServices.missing(required, snapshot));
    // 5. Clusters of pools, pickers and mirrors.
    ClusterTable clusters = context.clusters().get();
    if (!context.reported().byName().isEmpty()) {
      clusters.resolve(context.reported().byName(), RulePlans.clusters(tables), diagnostics);
    }
    clusters.rewrite(
        required, new ClusterFactory(pools, pickers, context.endpointDiscovery()), diagnostics);
    // 6. Routes.
    RouteRewriter routes = RouteRewriter.rewrite(
        tables,
        new RouteRewriter.Inputs(
            plans,
            onGateways,
            clusters.withEjection(),
            filters,
            settings.loopSecret(),
            route -> snapshot
                .route(route.namespace(), route.name())
                .map(HttpRouteRules::created)
                .orElse("")),
        diagnostics);
    // 7. Loops for large bodies.
    List<Loop> loops = Loop.all(routes.loops(), reuse);
    // 8. Listeners, with the filters that the routes need.
    ListenerTable.RewrittenListeners rewritten =
        listeners.rewrite(routes.needs(), loops, required.mirrorListeners(), diagnostics);
    return new Answer(
        clusters.all(loops, routes.answers()),
        rewritten.listeners(),
        routes.all(),
        diagnostics.sorted(),
        new Changes(
            clusters.poolClusters(), rewritten.changed(), routes.changed(), routes.poolRoutes()));
  }

  /** The weights that the Endpoints hook reported, else those that the cluster itself carries. */
  private static Weights weights(Context context) {
    Map<String, List<BackendWeight>> reported = context.reported().weights();
    return cluster -> {
      List<BackendWeight> weights = reported.get(cluster);
      return weights == null ? context.clusters().get().weights(cluster) : weights;
    };
  }

  private static Answer unchanged(Request request, Diagnostics diagnostics) {
    return new Answer(
        request.clusters(),
        request.listeners(),
        request.routes(),
        diagnostics.sorted(),
        Changes.NONE);
  }
}
