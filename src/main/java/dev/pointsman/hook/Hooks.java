package dev.pointsman.hook;

import com.google.protobuf.Struct;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyResponse;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.incremental.TranslationCache;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.translate.BackendWeights;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Envoy Gateway's hooks. One instance serves all connections; the state of one connection is kept in its
 * {@link Connection}.
 */
public final class Hooks {
  private final RouteHook routes = new RouteHook();
  private final TranslationHook translation;

  /** Hooks that emit xDS according to the settings; the snapshot is read once per call. */
  public Hooks(XdsSettings settings, Supplier<ClusterSnapshot> snapshots) {
    this(() -> settings.eds().toCluster(), settings, snapshots);
  }

  /**
   * Hooks that emit xDS according to the settings.
   *
   * @param edsCluster the cluster of endpoint discovery, instead of the one of the settings; read once per translation
   * @param snapshots read once per call
   */
  public Hooks(
      Supplier<Cluster> edsCluster, XdsSettings settings, Supplier<ClusterSnapshot> snapshots) {
    translation = new TranslationHook(edsCluster, settings, snapshots);
  }

  /** The state of a new gRPC connection of Envoy Gateway's. */
  public Connection connect() {
    return new Connection();
  }

  /** Uses of results of earlier translations since the start, by the name of the step. */
  public SortedMap<String, TranslationCache.Counts> reuse() {
    return translation.reuse();
  }

  /** One connection: Envoy Gateway calls Route and Endpoints for each rule and, at the end, Translation once. */
  public final class Connection {
    private final BackendWeights weights = new BackendWeights();
    private final SentPolicies policies = new SentPolicies();

    private Connection() {}

    /** The Route hook: records the pools and policies that Envoy Gateway resolved for the route in its metadata. */
    public PostRouteModifyResponse route(PostRouteModifyRequest request) {
      synchronized (policies) {
        return routes.apply(request, policies);
      }
    }

    /** The Endpoints hook: stores the weights of a rule's backends until the next Translation. */
    public PostEndpointsModifyResponse endpoints(PostEndpointsModifyRequest request) {
      if (!request.hasLoadAssignment()) {
        return PostEndpointsModifyResponse.getDefaultInstance();
      }
      synchronized (weights) {
        return PostEndpointsModifyResponse.newBuilder()
            .setLoadAssignment(weights.remember(request.getLoadAssignment()))
            .build();
      }
    }

    /** The Translation hook: rewrites all resources of a Gateway. */
    public TranslationResult translation(PostTranslateModifyRequest request) {
      return repeatable(request).result();
    }

    /** The Translation hook, with the means to check its result. */
    public Repetition repeatable(PostTranslateModifyRequest request) {
      return translation.apply(request, takeState());
    }

    /**
     * The Translation hook, made later: with the objects of now, and the routes that this connection was asked about.
     *
     * @param request as Envoy Gateway sends it
     * @return makes the translation of the request that it is given: the same one, with records for this build
     */
    Function<PostTranslateModifyRequest, TranslationResult> later(
        PostTranslateModifyRequest request) {
      TranslationHook.Call call = translation.call(request, takeState());
      return changed -> translation.apply(call.with(changed)).result();
    }

    private TranslationHook.ReportedState takeState() {
      BackendWeights.Reported reported;
      synchronized (weights) {
        reported = weights.take();
      }
      Map<String, Struct> sent;
      synchronized (policies) {
        sent = policies.take();
      }
      return new TranslationHook.ReportedState(reported, sent);
    }
  }
}
