package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Destination;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which routes lead to a pool: by their own backends and by those of policies in effect, where a reference is permitted. */
final class PoolUses {
  private final ClusterSnapshot snapshot;
  private final Map<PoolRef, Map<ObjectName, AttachedRoute>> routes = new HashMap<>();

  PoolUses(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** The backends of a route's rules. */
  void add(AttachedRoute route) {
    ReferenceGrant.From from =
        new ReferenceGrant.From(ParentRef.GATEWAY_API, "HTTPRoute", route.meta().namespace());
    snapshot
        .route(route.meta().namespace(), route.meta().name())
        .map(HttpRouteRules::rules)
        .orElse(List.of())
        .stream()
        .map(Rule::backends)
        .flatMap(Collection::stream)
        .filter(backend -> backend.kind().equals("InferencePool"))
        .forEach(backend -> add(pool(backend), from, route));
  }

  private static PoolRef pool(BackendRef backend) {
    return new PoolRef(backend.group(), backend.namespace(), backend.name());
  }

  /** What a policy adds to the route that it has effect on. */
  void add(InferencePolicy policy, Target target, Map<ObjectName, AttachedRoute> attached) {
    AttachedRoute route = attached.get(new ObjectName(policy.namespace(), target.name()));
    if (route == null || !target.kind().equals("HTTPRoute")) {
      return;
    }
    ReferenceGrant.From from =
        new ReferenceGrant.From(InferencePolicy.GROUP, InferencePolicy.KIND, policy.namespace());
    Stream.concat(
            policy.mirrors().stream().map(InferencePolicy.Mirror::destination),
            policy.models().stream()
                .flatMap(model -> model.backends().stream())
                .map(InferencePolicy.Backend::destination))
        .filter(Destination.Pool.class::isInstance)
        .forEach(pool -> add(((Destination.Pool) pool).ref(), from, route));
  }

  private void add(PoolRef pool, ReferenceGrant.From from, AttachedRoute route) {
    if (snapshot.permits(from, pool.namespace(), pool.group(), "InferencePool", pool.name())) {
      routes
          .computeIfAbsent(pool, _ -> new LinkedHashMap<>())
          .put(route.meta().objectName(), route);
    }
  }

  /** The routes that lead to the pool. */
  Collection<AttachedRoute> of(PoolRef pool) {
    return routes.getOrDefault(pool, Map.of()).values();
  }
}
