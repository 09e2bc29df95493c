package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Destination;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The routes that lead to a pool, by their own backends or by the backends of effective policies, if the reference is
 * permitted.
 */
final class PoolUses {
  private final ClusterSnapshot snapshot;
  private final Map<PoolRef, Map<ObjectName, AttachedRoute>> routes = new HashMap<>();

  PoolUses(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Adds the backends of a route's rules. */
  void add(AttachedRoute route) {
    route.pools(snapshot).forEach(backend -> add(backend.pool(), route));
  }

  /** Adds the backends of a policy that is effective on a route. */
  void add(InferencePolicy policy, Target target, Map<ObjectName, AttachedRoute> attached) {
    AttachedRoute route = attached.get(new ObjectName(policy.namespace(), target.name()));
    if (route == null || !target.kind().equals("HTTPRoute")) {
      return;
    }
    ReferenceGrant.From from =
        new ReferenceGrant.From(InferencePolicy.GROUP, InferencePolicy.KIND, policy.namespace());
    policy
        .destinations()
        .filter(Destination.Pool.class::isInstance)
        .map(destination -> ((Destination.Pool) destination).ref())
        .filter(pool ->
            snapshot.permits(from, pool.namespace(), pool.group(), "InferencePool", pool.name()))
        .forEach(pool -> add(pool, route));
  }

  private void add(PoolRef pool, AttachedRoute route) {
    routes.computeIfAbsent(pool, _ -> new LinkedHashMap<>()).put(route.meta().objectName(), route);
  }

  /** The routes that lead to the pool. */
  Collection<AttachedRoute> of(PoolRef pool) {
    return routes.getOrDefault(pool, Map.of()).values();
  }
}
