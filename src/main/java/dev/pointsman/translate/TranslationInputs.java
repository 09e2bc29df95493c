package dev.pointsman.translate;

import com.google.common.base.Suppliers;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.RulePlanner.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a translation depends on beside the settings. Resources are serialized messages of Envoy's API.
 *
 * @param clusters the request's clusters, indexed; called as late as possible
 * @param gatewayPolicies InferencePolicies on Gateways, as JSON
 * @param size of the request in bytes
 * @param reported the reports of the Endpoints hook
 * @param routePolicies InferencePolicies that the Route hook has sent, by id
 * @param endpointDiscovery the cluster that leads to endpoint discovery
 */
public record TranslationInputs(
    Supplier<ClusterTable> clusters,
    List<ByteString> listeners,
    List<ByteString> routes,
    List<ByteString> gatewayPolicies,
    long size,
    BackendWeights.Reported reported,
    Map<String, Struct> routePolicies,
    ClusterSnapshot snapshot,
    ByteString endpointDiscovery) {
  /** The weights that the Endpoints hook reported, else those that the cluster itself carries. */
  Weights weights() {
    Map<String, List<BackendWeight>> carried = new HashMap<>(); // read once: a rule has many routes
    Supplier<NavigableSet<String>> names =
        Suppliers.memoize(() -> new TreeSet<>(reported.weights().keySet()));
    return new Weights() {
      @Override
      public @Nullable List<BackendWeight> of(String cluster) {
        List<BackendWeight> weights = reported.weights().get(cluster);
        return weights == null
            ? carried.computeIfAbsent(cluster, name -> clusters.get().weights(name))
            : weights;
      }

      @Override
      public Optional<String> firstWith(String start) {
        return Optional.ofNullable(names.get().ceiling(start))
            .filter(name -> name.startsWith(start));
      }
    };
  }

  /** The creation time of an HTTPRoute (RFC 3339); empty if unknown. */
  String created(ObjectRef route) {
    return snapshot
        .route(route.namespace(), route.name())
        .map(HttpRouteRules::created)
        .orElse("");
  }
}
