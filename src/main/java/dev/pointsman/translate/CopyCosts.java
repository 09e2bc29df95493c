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
 * Counts the bytes of the copies that stand beside the routes of a chunk or a virtual host: never fewer than there will
 * be, and known before a copy is made.
 *
 * <pre>
 * large bodies   the copy before a route to a pool, and the one behind the loop
 * initialRoutes       the copies before routes at which requests for a model arrive first
 * </pre>
 */
final class CopyCosts {
  /** The bytes of the two copies for large bodies that the route itself does not have. */
  private static final int LARGE = 600;

  /** The bytes of a copy for initialRoutes that the route itself does not have. */
  private static final int ARRIVAL = 500;

  private final Map<ObjectRef, Long> largeBodies = new HashMap<>();
  private final Map<ObjectRef, Long> poolArrivals = new HashMap<>();
  private final Set<RouteMatch> conditions = new HashSet<>();
  private final Set<ObjectRef> owners = new HashSet<>();
  private int plain;
  private long plainBytes;
  private int largest;

  /** Adds a route of which there is nothing to know. */
  void addPlain(int bytes) {
    plain++;
    plainBytes += bytes;
    largest = Math.max(largest, bytes);
  }

  /** Adds a route that asks for a model, goes to a pool or has a policy. */
  void add(RouteFacts facts) {
    if (!facts.pools().isEmpty()) {
      largeBodies.merge(facts.owner(), large(facts), Long::sum);
    }
    if (facts.asksForModel() || !facts.policies().isEmpty()) {
      conditions.add(facts.condition());
      owners.add(facts.owner());
    }
    if (!facts.asksForModel()) {
      addPlain(facts.bytes());
      if (!facts.pools().isEmpty()) {
        poolArrivals.merge(facts.owner(), large(facts), Long::sum);
      }
    }
  }

  private static long large(RouteFacts facts) {
    return 2L * facts.bytes() + LARGE;
  }

  /** Adds the routes of a chunk. */
  void addAll(CopyCosts chunk) {
    chunk.largeBodies.forEach((owner, bytes) -> largeBodies.merge(owner, bytes, Long::sum));
    chunk.poolArrivals.forEach((owner, bytes) -> poolArrivals.merge(owner, bytes, Long::sum));
    conditions.addAll(chunk.conditions);
    owners.addAll(chunk.owners);
    plain += chunk.plain;
    plainBytes += chunk.plainBytes;
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
    long each = mostOfEach() + Math.min(mostMore(), InitialRouteCopies.MOST_PATHS);
    poolArrivals.forEach((owner, bytes) -> all.merge(owner, bytes * each, Long::sum));
    return all;
  }

  /** The bytes of the copies for initialRoutes in a host that reads models. */
  long initialRoutes() {
    return mostOfEach() * (plainBytes + (long) ARRIVAL * plain) + mostMore() * (largest + ARRIVAL);
  }

  /** A route has a copy on its own path for each way in which lengths of bodies are told split. */
  private int mostOfEach() {
    return conditions.size() > 1 && owners.size() > 1 ? 2 : 1;
  }

  /** The copies on paths of the models. */
  private long mostMore() {
    long namespaces = owners.stream().map(ObjectRef::namespace).distinct().count();
    return Math.min(
        Math.max(0, conditions.size() - 1L) * plain,
        InitialRouteCopies.MOST_MORE * Math.max(1, namespaces));
  }
}
