package dev.pointsman.translate;

import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.PolicyBytes;
import dev.pointsman.plan.PolicyPlan;
import dev.pointsman.xds.InitialRouteCopies;
import dev.pointsman.xds.RouteFacts;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of the copies of the routes of a chunk or a virtual host. The count is an upper bound, and is known
 * before a copy is made.
 *
 * <pre>
 * large bodies     the copy before a route to a pool, and the copy in the loop
 * stages           the copies of a route with a fallback
 * initial routes   the copies before routes that Envoy may select before the model is known
 * </pre>
 */
final class CopyCosts {
  /** The bytes of two copies for large bodies beside those of the route itself. */
  private static final int LARGE_BODIES = 725;

  /** The bytes of the copy of an initial route beside those of the route itself. */
  private static final int INITIAL_ROUTE = 625;

  /** The largest number of copies of a route on its own path, beside {@link RouteFacts#copies} of it. */
  private static final int OWN = 3;

  /** The largest number of routes that replace a model route, each with its stages. */
  private static final int VARIANTS = 3;

  private final Map<String, Long> largeBodies = new HashMap<>();
  private final Map<String, Long> initialPoolRoutes = new HashMap<>();
  private final Set<RouteMatch> conditions = new HashSet<>();
  private final Set<String> namespaces = new HashSet<>();
  private @Nullable ObjectRef owner;
  private boolean hasSeveralOwners;
  private int withoutModel;
  private long withoutModelBytes;
  private int largest;
  private long ownFilterBytes;
  private long filterBytes;
  private long largestFilters;

  /** Adds a route without a model condition. */
  void addWithoutModel(int bytes) {
    withoutModel++;
    withoutModelBytes += bytes;
    largest = Math.max(largest, bytes);
  }

  /** Adds a route that has a model condition, targets a pool or has a policy. */
  void add(RouteFacts facts) {
    if (!facts.pools().isEmpty()) {
      largeBodies.merge(facts.owner().namespace(), large(facts), Long::sum);
    }
    if (facts.hasModelCondition() || !facts.policies().isEmpty()) {
      conditions.add(facts.condition());
      addOwner(facts.owner());
    }
    if (!facts.hasModelCondition()) {
      addWithoutModel(facts.bytes());
      if (!facts.pools().isEmpty()) {
        initialPoolRoutes.merge(facts.owner().namespace(), large(facts), Long::sum);
      }
    }
  }

  /** Adds the filters and stages that policies add to a route, which {@link #add} has added. */
  void addFilters(RouteFacts facts, PolicyPlan policy) {
    int bytes = facts.pools().isEmpty() ? 0 : PolicyBytes.ofFilters(policy);
    policy
        .ofRule()
        .map(fallback -> VARIANTS * PolicyBytes.ofStages(fallback, facts.bytes() + (long) bytes))
        .ifPresent(stages -> {
          largeBodies.merge(facts.owner().namespace(), stages, Long::sum);
          if (!facts.hasModelCondition()) {
            initialPoolRoutes.merge(facts.owner().namespace(), stages, Long::sum);
          }
        });
    long ofCopies = (long) facts.copies() * bytes;
    ownFilterBytes += ofCopies + (long) OWN * bytes;
    filterBytes += ofCopies;
    largestFilters = Math.max(largestFilters, ofCopies);
  }

  private void addOwner(ObjectRef another) {
    hasSeveralOwners |= owner != null && !owner.equals(another);
    owner = another;
    namespaces.add(another.namespace());
  }

  /** The bytes of the copies for large bodies of one route. */
  static long large(RouteFacts facts) {
    return (facts.copies() - 1) * (2L * facts.bytes() + LARGE_BODIES) / 2;
  }

  /** The bytes of the copies for large bodies in all hosts, by HTTPRoute, of some HTTPRoutes. */
  static Map<ObjectRef, Long> largeBodies(List<RouteTable> tables, Predicate<ObjectRef> owners) {
    Map<ObjectRef, Long> bytes = new HashMap<>();
    RouteTable.relevantHosts(tables)
        .flatMap(host -> host.groups().stream())
        .filter(RouteGroup::isRelevant)
        .flatMap(group -> group.entries().stream())
        .flatMap(entry -> entry.relevant().stream())
        .map(RelevantRoute::facts)
        .filter(facts -> !facts.pools().isEmpty() && owners.test(facts.owner()))
        .forEach(facts -> bytes.merge(facts.owner(), large(facts), Long::sum));
    return bytes;
  }

  /** Adds the routes of a chunk. */
  void addAll(CopyCosts chunk) {
    chunk.largeBodies.forEach((name, bytes) -> largeBodies.merge(name, bytes, Long::sum));
    chunk.initialPoolRoutes.forEach(
        (name, bytes) -> initialPoolRoutes.merge(name, bytes, Long::sum));
    conditions.addAll(chunk.conditions);
    if (chunk.owner != null) {
      addOwner(chunk.owner);
      hasSeveralOwners |= chunk.hasSeveralOwners;
      namespaces.addAll(chunk.namespaces);
    }
    withoutModel += chunk.withoutModel;
    withoutModelBytes += chunk.withoutModelBytes;
    largest = Math.max(largest, chunk.largest);
  }

  /** The namespaces of HTTPRoutes with routes to pools. */
  Set<String> namespacesOfLargeBodies() {
    return largeBodies.keySet();
  }

  /** Whether one of the routes makes the host read models from bodies. */
  boolean readsModels() {
    return !conditions.isEmpty();
  }

  /**
   * The bytes of the copies for large bodies, by namespace.
   *
   * @param reads whether the host reads models
   * @param places where requests to routes without a model condition may name theirs, each with its copies
   */
  Map<String, Long> largeBodies(boolean reads, int places) {
    Map<String, Long> all = new HashMap<>(largeBodies);
    if (!reads) {
      return all;
    }
    long each = places
        * (maxCopiesPerRoute() + Math.min(maxAdditionalCopies(), InitialRouteCopies.MAX_PATHS));
    initialPoolRoutes.forEach((name, bytes) -> all.merge(name, bytes * each, Long::sum));
    return all;
  }

  /** The bytes of the copies of initial routes in a host that reads models. */
  long initialRoutes(int places) {
    return places
        * (maxCopiesPerRoute() * (withoutModelBytes + (long) INITIAL_ROUTE * withoutModel)
            + maxAdditionalCopies() * (largest + INITIAL_ROUTE));
  }

  /**
   * The bytes of the filters that policies add to routes, with those of the copies.
   *
   * @param reads whether the host reads models
   */
  long filters(boolean reads, int places) {
    long initial =
        reads ? maxCopiesPerRoute() * filterBytes + maxAdditionalCopies() * largestFilters : 0;
    return ownFilterBytes + places * initial;
  }

  /**
   * The largest number of copies of a route on its own path: two if requests are also split by the length of their
   * bodies.
   */
  private int maxCopiesPerRoute() {
    return conditions.size() > 1 && hasSeveralOwners ? 2 : 1;
  }

  /** The largest number of copies on the paths of model routes. */
  private long maxAdditionalCopies() {
    return Math.min(
        Math.max(0, conditions.size() - 1L) * withoutModel,
        InitialRouteCopies.MAX_ADDITIONAL * Math.max(1L, namespaces.size()));
  }
}
