package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult.Summary;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.incremental.TranslationCache;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.translate.BackendWeights;
import dev.pointsman.translate.ClusterTable;
import dev.pointsman.translate.TranslatedGateways;
import dev.pointsman.translate.TranslatedResources;
import dev.pointsman.translate.Translation;
import dev.pointsman.translate.TranslationInputs;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The Translation hook: one answer for all clusters, listeners and routes of a Gateway. */
final class TranslationHook {
  private final XdsSettings settings;
  private final Supplier<ClusterSnapshot> snapshots;
  private final Supplier<Cluster> endpointDiscovery;
  private final Translation translation;
  private final TranslationCache<Set<ObjectRef>> cache =
      new TranslationCache<>(Translation.reusedSteps());

  TranslationHook(
      Supplier<Cluster> endpointDiscovery,
      XdsSettings settings,
      Supplier<ClusterSnapshot> snapshots) {
    this.endpointDiscovery = endpointDiscovery;
    this.settings = settings;
    this.snapshots = snapshots;
    translation = new Translation(settings);
  }

  /**
   * The state of the connection from the calls before the translation.
   *
   * @param reported the state from the Endpoints hook
   * @param policies the policies of the routes, by id
   */
  record ReportedState(BackendWeights.Reported reported, Map<String, Struct> policies) {}

  /** Everything that one translation depends on beside the settings. */
  record Call(
      PostTranslateModifyRequest request,
      ReportedState state,
      ClusterSnapshot snapshot,
      ByteString endpointDiscovery) {
    Call with(PostTranslateModifyRequest other) {
      return new Call(other, state, snapshot, endpointDiscovery);
    }
  }

  Repetition apply(PostTranslateModifyRequest request, ReportedState state) {
    return apply(call(request, state));
  }

  /** A translation to make later, with the objects of now. */
  Call call(PostTranslateModifyRequest request, ReportedState state) {
    return new Call(request, state, snapshots.get(), endpointDiscovery.get().toByteString());
  }

  Repetition apply(Call call) {
    PostTranslateModifyRequest request = call.request();
    Set<ObjectRef> gateways = gateways(request);
    TranslationResult result =
        result(request, gateways, cache.translate(gateways, reuse -> translate(call, reuse)));
    return new RepeatableTranslation(this, call, result);
  }

  /** The translation without results of earlier ones. */
  TranslationResult cold(Call call) {
    Set<ObjectRef> gateways = gateways(call.request());
    return result(call.request(), gateways, translate(call, Reuse.NONE));
  }

  private static Set<ObjectRef> gateways(PostTranslateModifyRequest request) {
    return TranslatedGateways.of(request.getListenersList(), request.getRoutesList());
  }

  /** The hits and misses of earlier results, by place. */
  SortedMap<String, TranslationCache.Counts> reuse() {
    return cache.counts();
  }

  private TranslatedResources translate(Call call, Reuse reuse) {
    PostTranslateModifyRequest request = call.request();
    // Index the clusters and read the routes in parallel: the two slowest steps.
    CompletableFuture<ClusterTable> clusters =
        CompletableFuture.supplyAsync(() -> ClusterTable.of(request.getClustersList(), reuse));
    List<ByteString> policies =
        request.getPostTranslateContext().getExtensionResourcesList().stream()
            .map(ExtensionResource::getUnstructuredBytes)
            .toList();
    return translation.of(
        new TranslationInputs(
            clusters::join,
            request.getListenersList(),
            request.getRoutesList(),
            policies,
            request.getSerializedSize(),
            call.state().reported(),
            call.state().policies(),
            call.snapshot(),
            call.endpointDiscovery()),
        reuse);
  }

  private TranslationResult result(
      PostTranslateModifyRequest request, Set<ObjectRef> gateways, TranslatedResources answer) {
    PostTranslateModifyResponse response = PostTranslateModifyResponse.newBuilder()
        .addAllClusters(answer.clusters())
        .addAllSecrets(request.getSecretsList())
        .addAllListeners(answer.listeners())
        .addAllRoutes(answer.routes())
        .build();
    List<Diagnostic> diagnostics = new ArrayList<>(answer.diagnostics());
    if (response.getSerializedSize() > settings.largestAnswer()) {
      diagnostics.add(tooLarge(gateways, response.getSerializedSize()));
    }
    TranslatedResources.ChangeCounts changes = answer.changes();
    return new TranslationResult(
        response,
        diagnostics,
        answer.reads(),
        new Summary(
            changes.clusters(),
            changes.listeners(),
            changes.routeConfigurations(),
            changes.routes()),
        gateways);
  }

  private Diagnostic tooLarge(Set<ObjectRef> gateways, int bytes) {
    return new Diagnostic(
        Reason.TooLarge,
        gateways.stream()
            .min(Comparator.comparing(ObjectRef::toString)) // a set has no order
            .orElse(new ObjectRef("Gateway", "", "")),
        "",
        "has a configuration of " + bytes + " bytes, but Envoy Gateway accepts at most "
            + settings.largestAnswer()
            + ": it publishes nothing until extensionManager.maxMessageSize and --max-message-size are larger");
  }
}
