package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.incremental.Place;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.translate.RulePlans.PlanSettings;
import dev.pointsman.translate.TranslatedResources.ChangeCounts;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.RequestMirrors;
import dev.pointsman.xds.XdsSettings;
import java.util.List;
import java.util.Map;

/** One translation, in nine steps. Resources that need no change are returned byte for byte. */
public final class Translation {
  private final XdsSettings settings;
  private final RequestMirrors mirrors;

  /** Creates a translation with these settings. */
  public Translation(XdsSettings settings) {
    this.settings = settings;
    mirrors = new RequestMirrors(settings);
  }

  /** The steps whose results may be reused, for a cache that counts their uses. */
  public static List<Place<?, ?>> reusedSteps() {
    return Places.MEMOS;
  }

  /** Translates. */
  public TranslatedResources of(TranslationInputs in, Reuse reuse) {
    Diagnostics diagnostics = new Diagnostics();
    // 1. Read the virtual hosts that are relevant, and the listeners.
    GatewayPolicies onGateways = new GatewayPolicies(in.gatewayPolicies(), settings, diagnostics);
    List<RouteTable> tables = RouteTable.readAll(in.routes(), onGateways, reuse, diagnostics);
    if (tables.stream().noneMatch(RouteTable::isRelevant)) {
      return TranslatedResources.unchanged(in, diagnostics);
    }
    ListenerTable listeners = ListenerTable.read(in.listeners(), reuse, diagnostics);
    Map<String, GatewayFilters> filters = listeners.filters(diagnostics);
    // 2. Attach the policies to the rules.
    ClusterReads reads = new ClusterReads(in.snapshot());
    Policies policies = new Policies(onGateways, tables, in.routePolicies(), reads, diagnostics);
    // 3. Bound the bytes that each namespace may add.
    Bounds bounds = Bounds.of(tables, policies, in, settings.largestAnswer());
    // 4. Plan the shares of the rules, and the resources that they require.
    PlanSettings planned = new PlanSettings(policies, bounds, mirrors, reuse);
    RulePlans plans = RulePlans.of(tables, planned, in.weights(), reads, diagnostics);
    RequiredResources required = plans.required();
    // 5. Rewrite the clusters of pools, and add those of pickers and mirrors.
    ClusterTable clusters = in.clusters().get();
    clusters.resolve(in.reported().byName(), () -> RulePlans.clusters(tables), diagnostics);
    ClusterFactory factory = new ClusterFactory(in.endpointDiscovery());
    clusters.rewrite(required, factory, diagnostics);
    // 6. Rewrite the routes.
    RouteRewriter.Inputs decided = new RouteRewriter.Inputs(
        plans, onGateways, clusters.withEjection(), filters, settings.loopSecret(), in::created);
    RouteRewriter routes = RouteRewriter.rewrite(tables, decided, diagnostics);
    // 7. Add the loops for large bodies and fallbacks.
    List<Loop> loops = Loop.all(routes.loops(), routes.stages(), reuse);
    // 8. Give the listeners the filters that their routes need.
    ListenerTable.RewrittenListeners rewritten =
        listeners.rewrite(routes.needs(), loops, required.mirrorListeners(), diagnostics);
    // 9. Add the pickers that rules may change to, in the room that is left.
    List<ByteString> allClusters = clusters.all(loops, routes.answers());
    List<ByteString> allRoutes = routes.all();
    AnnouncedPickers announced = new AnnouncedPickers(required, reads, clusters, factory);
    announced.add(
        settings.largestAnswer(),
        announced.answer(in, List.of(allClusters, rewritten.listeners(), allRoutes)));
    return new TranslatedResources(
        allClusters,
        rewritten.listeners(),
        allRoutes,
        diagnostics.sorted(),
        reads.results(),
        new ChangeCounts(
            clusters.poolClusters(), rewritten.changed(), routes.changed(), routes.poolRoutes()));
  }
}
