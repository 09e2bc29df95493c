package dev.pointsman.hook;

import com.google.protobuf.Struct;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult.Summary;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.PickerClusters;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The Translation hook: one function over all clusters, listeners and routes.
 *
 * <pre>
 * routes    → which rules have pools → plans
 * clusters  → the plans' pool and picker clusters
 * routes    → the plans' routes, model routes arranged, loop routes
 * listeners → the filters that the routes need, loop listeners
 * </pre>
 *
 * What nothing of this concerns is answered as the bytes that came.
 */
final class TranslationHook {
  private final XdsSettings settings;
  private final Supplier<ClusterSnapshot> snapshots;
  private final PoolClusters pools = new PoolClusters();
  private final PickerClusters pickers = new PickerClusters();
  private final RequestMirrors mirrors;
  private final Supplier<Cluster> edsCluster;
  private final TranslationCache cache = new TranslationCache();

  TranslationHook(
      Supplier<Cluster> edsCluster, XdsSettings settings, Supplier<ClusterSnapshot> snapshots) {
    this.edsCluster = edsCluster;
    this.settings = settings;
    this.snapshots = snapshots;
    mirrors = new RequestMirrors(settings);
  }

  /**
   * State that the calls before the translation have left.
   *
   * @param weights of the rules' backends
   * @param policies that the routes were sent with, by id
   */
  record Told(BackendWeights.Told weights, Map<String, Struct> policies) {}

  TranslationResult apply(PostTranslateModifyRequest request, Told told) {
    // The two long readings, clusters and routes, side by side.
    CompletableFuture<Clusters> indexed =
        CompletableFuture.supplyAsync(() -> Clusters.of(request.getClustersList()));
    Diagnostics diagnostics = new Diagnostics();
    Set<ObjectRef> gateways = TranslatedGateways.of(request);
    CachedTranslation cached = cache.of(gateways);
    ClusterSnapshot snapshot = snapshots.get();
    GatewayPolicies onGateways = new GatewayPolicies(
        request.getPostTranslateContext().getExtensionResourcesList(), settings, diagnostics);
    CompletableFuture<Void> compared =
        indexed.thenAcceptAsync(clusters -> clusters.compare(cached));
    List<RouteTable> tables = request.getRoutesList().stream()
        .map(bytes -> RouteTable.read(bytes, onGateways, cached, diagnostics))
        .toList();
    if (tables.stream().noneMatch(RouteTable::isRelevant)) {
      return unchanged(request, gateways, diagnostics);
    }
    Listeners listeners = Listeners.read(request.getListenersList(), cached, diagnostics);
    Map<String, GatewayFilters> filters = listeners.filters(diagnostics);
    // Most often all weights were told, and nobody has to wait for the clusters yet.
    Plans.Weights weights =
        new Plans.Weights(told.weights().weights(), name -> indexed.join().weights(name));
    Policies policies = new Policies(onGateways, tables, told.policies(), snapshot, diagnostics);
    Bounds bounds = Bounds.of(tables, policies, request, settings.largestAnswer());
    Plans plans = Plans.of(
        tables, new Plans.Asked(policies, bounds), weights, snapshot, mirrors, diagnostics);
    diagnostics.addAll(MissingPickerServices.missing(plans.required(), snapshot));
    Clusters clusters = indexed.join();
    if (!told.weights().byName().isEmpty()) {
      clusters.resolve(told.weights().byName(), Plans.clusters(tables), diagnostics);
    }
    compared.join();
    Clusters.Loader making =
        new Clusters.Loader(pools, pickers, edsCluster.get().toByteString(), cached);
    clusters.rewrite(plans.required(), making, diagnostics);
    CompletableFuture<List<Diagnostic>> completed =
        CompletableFuture.supplyAsync(() -> clusters.complete(plans.required(), making));
    Routes.Decided decided = new Routes.Decided(
        plans,
        onGateways,
        clusters,
        filters,
        settings.loopSecret(),
        route -> created(snapshot, route));
    Routes routes = Routes.rewrite(tables, decided, diagnostics);
    List<Loop> loops = cached.loops(routes.loops());
    diagnostics.addAll(completed.join());
    PostTranslateModifyResponse response = PostTranslateModifyResponse.newBuilder()
        .addAllClusters(clusters.withLoops(loops, routes.answers()))
        .addAllSecrets(request.getSecretsList())
        .addAllListeners(listeners.rewrite(
            routes.needs(), loops, plans.required().mirrorListeners(), diagnostics))
        .addAllRoutes(routes.all())
        .build();
    cache.keep(gateways, cached);
    if (response.getSerializedSize() > settings.largestAnswer()) {
      diagnostics.add(tooLarge(tables, response.getSerializedSize()));
    }
    Summary summary = new Summary(
        clusters.poolClusters(), listeners.changed(), routes.changed(), routes.poolRoutes());
    return new TranslationResult(response, diagnostics.sorted(), summary, gateways);
  }

  private static String created(ClusterSnapshot snapshot, ObjectRef route) {
    return snapshot
        .route(route.namespace(), route.name())
        .map(HttpRouteRules::created)
        .orElse("");
  }

  private Diagnostic tooLarge(List<RouteTable> tables, int bytes) {
    return new Diagnostic(
        Reason.TooLarge,
        new ObjectRef("RouteConfiguration", "", tables.getFirst().name()),
        "",
        "and all that comes with it has " + bytes + " bytes, of which Envoy Gateway takes "
            + settings.largestAnswer()
            + ": it publishes nothing until extensionManager.maxMessageSize and --max-message-size are larger");
  }

  private static TranslationResult unchanged(
      PostTranslateModifyRequest request, Set<ObjectRef> gateways, Diagnostics diagnostics) {
    PostTranslateModifyResponse echo = PostTranslateModifyResponse.newBuilder()
        .addAllClusters(request.getClustersList())
        .addAllSecrets(request.getSecretsList())
        .addAllListeners(request.getListenersList())
        .addAllRoutes(request.getRoutesList())
        .build();
    return new TranslationResult(echo, diagnostics.sorted(), new Summary(0, 0, 0, 0), gateways);
  }
}
