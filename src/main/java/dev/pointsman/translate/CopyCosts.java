package dev.pointsman.translate;

import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.InitialRouteCopies;
import dev.pointsman.xds.RouteFacts;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts the bytes of the copies of the routes of a chunk or a virtual host. The count is an upper bound, and is known
 * before a copy is made.
 *
 * <pre>
 * large bodies     the copy before a route to a pool, and the copy in the loop
 * initial routes   the copies before routes that Envoy may select before the model is known
 * </pre>
 */
final class CopyCosts {
  /** The bytes of the two copies for large bodies beside those of the route itself. */
  private static final int LARGE_BODIES = 600;

  /** The bytes of the copy of an initial route beside those of the route itself. */
  private static final int INITIAL_ROUTE = 500;

  private final Map<ObjectRef, Long> largeBodies = new HashMap<>();
  private final Map<ObjectRef, Long> initialPoolRoutes = new HashMap<>();
  private final Set<RouteMatch> conditions = new HashSet<>();
  private final Set<ObjectRef> owners = new HashSet<>();
  private int withoutModel;
  private long withoutModelBytes;
  private int largest;

  /** Adds a route without a model condition. */
  void addWithoutModel(int bytes) {
    withoutModel++;
    withoutModelBytes += bytes;
    largest = Math.max(largest, bytes);
  }

  /** Adds a route that has a model condition, targets a pool or has a policy. */
  void add(RouteFacts facts) {
    if (!facts.pools().isEmpty()) {
      largeBodies.merge(facts.owner(), large(facts), Long::sum);
    }
    if (facts.hasModelCondition() || !facts.policies().isEmpty()) {
      conditions.add(facts.condition());
      owners.add(facts.owner());
    }
    if (!facts.hasModelCondition()) {
      addWithoutModel(facts.bytes());
      if (!facts.pools().isEmpty()) {
        initialPoolRoutes.merge(facts.owner(), large(facts), Long::sum);
      }
    }
  }

  private static long large(RouteFacts facts) {
    return 2L * facts.bytes() + LARGE_BODIES;
  }

  /** Adds the routes of a chunk. */
  void addAll(CopyCosts chunk) {
    chunk.largeBodies.forEach((owner, bytes) -> largeBodies.merge(owner, bytes, Long::sum));
    chunk.initialPoolRoutes.forEach(
        (owner, bytes) -> initialPoolRoutes.merge(owner, bytes, Long::sum));
    conditions.addAll(chunk.conditions);
    owners.addAll(chunk.owners);
    withoutModel += chunk.withoutModel;
    withoutModelBytes += chunk.withoutModelBytes;
    largest = Math.max(largest, chunk.largest);
  }

  /** The HTTPRoutes with routes to pools. */
  Set<ObjectRef> ownersOfLargeBodies() {
    return largeBodies.keySet();
  }

  /** Whether one of the routes makes the host read models from bodies. */
  boolean readsModels() {
    return !conditions.isEmpty();
  }

  /**
   * The bytes of the copies for large bodies, by HTTPRoute.
   *
   * @param reads whether the host reads models
   */
  Map<ObjectRef, Long> largeBodies(boolean reads) {
    Map<ObjectRef, Long> all = new HashMap<>(largeBodies);
    if (!reads) {
      return all;
    }
    long each = maxCopiesPerRoute() + Math.min(maxAdditionalCopies(), InitialRouteCopies.MAX_PATHS);
    initialPoolRoutes.forEach((owner, bytes) -> all.merge(owner, bytes * each, Long::sum));
    return all;
  }

  /** The bytes of the copies of initial routes in a host that reads models. */
  long initialRoutes() {
    return maxCopiesPerRoute() * (withoutModelBytes + (long) INITIAL_ROUTE * withoutModel)
        + maxAdditionalCopies() * (largest + INITIAL_ROUTE);
  }

  /**
   * The largest number of copies of a route on its own path: two if requests are also split by the length of their
   * bodies.
   */
  private int maxCopiesPerRoute() {
    return conditions.size() > 1 && owners.size() > 1 ? 2 : 1;
  }

  /** The largest number of copies on the paths of model routes. */
  private long maxAdditionalCopies() {
    long namespaces = owners.stream().map(ObjectRef::namespace).distinct().count();
    return Math.min(
        Math.max(0, conditions.size() - 1L) * withoutModel,
        InitialRouteCopies.MAX_ADDITIONAL * Math.max(1, namespaces));
  }
}
