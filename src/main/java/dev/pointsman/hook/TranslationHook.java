package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The Translation hook: one pure function over all clusters, listeners and routes.
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

  TranslationHook(XdsSettings settings, Supplier<ClusterSnapshot> snapshots) {
    this.settings = settings;
    this.snapshots = snapshots;
  }

  TranslationResult apply(
      PostTranslateModifyRequest request, Map<String, List<BackendWeight>> weights) {
    Diagnostics diagnostics = new Diagnostics();
    List<RouteTable> tables = request.getRoutesList().stream()
        .map(bytes -> RouteTable.read(bytes, diagnostics))
        .toList();
    if (tables.stream().noneMatch(RouteTable::concernsUs)) {
      return unchanged(request, diagnostics);
    }
    Plans plans = Plans.of(tables, weights, diagnostics);
    diagnostics.addAll(Pickers.missing(plans, snapshots.get()));
    Clusters clusters = Clusters.rewrite(request.getClustersList(), plans, settings, diagnostics);
    Listeners listeners = Listeners.read(request.getListenersList(), diagnostics);
    Map<String, List<HttpFilter>> disabled = listeners.disabledFilters(diagnostics);

    List<ByteString> routes = new ArrayList<>();
    List<ByteString> loopRoutes = new ArrayList<>();
    TreeSet<String> loops = new TreeSet<>();
    Map<String, Needs> needs = new HashMap<>();
    int rewritten = 0;
    RouteTableRewriter rewriter = new RouteTableRewriter(settings, plans, clusters, diagnostics);
    for (RouteTable table : tables) {
      RouteTableRewriter.Result result =
          rewriter.rewrite(table, disabled.getOrDefault(table.name(), List.of()));
      routes.add(result.bytes());
      rewritten += result.poolRoutes();
      result.needs().ifPresent(needed -> needs.put(table.name(), needed));
      result.loop().ifPresent(loop -> {
        loopRoutes.add(loop);
        loops.add(table.name());
      });
    }
    routes.addAll(loopRoutes);
    PostTranslateModifyResponse response = PostTranslateModifyResponse.newBuilder()
        .addAllClusters(clusters.withLoops(loops))
        .addAllSecrets(request.getSecretsList())
        .addAllListeners(listeners.rewrite(needs, loops, diagnostics))
        .addAllRoutes(routes)
        .build();
    return new TranslationResult(
        response,
        diagnostics.sorted(),
        new TranslationResult.Summary(
            clusters.rewrittenCount(), needs.size(), needs.size(), rewritten));
  }

  private static TranslationResult unchanged(
      PostTranslateModifyRequest request, Diagnostics diagnostics) {
    PostTranslateModifyResponse echo = PostTranslateModifyResponse.newBuilder()
        .addAllClusters(request.getClustersList())
        .addAllSecrets(request.getSecretsList())
        .addAllListeners(request.getListenersList())
        .addAllRoutes(request.getRoutesList())
        .build();
    return new TranslationResult(
        echo, diagnostics.sorted(), new TranslationResult.Summary(0, 0, 0, 0));
  }

  /** The name of a resource whose name is its first field, as all of Envoy's are. */
  static String nameOf(ByteString resource) throws InvalidProtocolBufferException {
    return dev.pointsman.twins.Named.parseFrom(resource).getName();
  }

  /** Collects each thing to say once. */
  static final class Diagnostics {
    private final TreeSet<Diagnostic> said = new TreeSet<>();

    void add(Diagnostic diagnostic) {
      said.add(diagnostic);
    }

    void addAll(List<Diagnostic> diagnostics) {
      said.addAll(diagnostics);
    }

    /** Something of Envoy Gateway's that cannot be read and passes as it came. */
    void unreadable(String kind, String name, Exception why) {
      add(new Diagnostic(
          Diagnostic.Reason.Unreadable,
          new dev.pointsman.model.ObjectRef(kind, "", name),
          "",
          "passed on as it came, because it cannot be read: " + why.getMessage()));
    }

    List<Diagnostic> sorted() {
      return List.copyOf(said);
    }
  }
}
