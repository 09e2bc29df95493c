package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.ChurnCall.Pod;
import dev.pointsman.e2e.kubernetes.ChurnCall.Policy;
import dev.pointsman.e2e.kubernetes.ChurnCall.Pool;
import dev.pointsman.e2e.kubernetes.ChurnCall.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Routes, pools, pods and policies that change all the time, as they were last written. An object now and then goes for
 * good, and one of another name takes its place: whatever is kept by name would pile up.
 */
final class ChurnedObjects {
  private static final int ROUTES = 30;
  private static final int POOLS = 8;
  private static final int PODS = 40;
  private static final int POLICIES = 8;

  /** One change of so many replaces the object. */
  private static final int REPLACED = 10;

  private final Random random;
  private final List<Route> routes = new ArrayList<>();
  private final List<Pool> pools = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final List<Policy> policies = new ArrayList<>();
  private int number;

  ChurnedObjects(Random random) {
    this.random = random;
  }

  /** Makes all of them. */
  List<ChurnCall> begin() {
    List<ChurnCall> calls = new ArrayList<>();
    IntStream.range(0, POOLS).forEach(i -> pools.add(new Pool("pool-" + i + "-" + next(), 8000)));
    IntStream.range(0, PODS).forEach(_ -> pods.add(newPod()));
    IntStream.range(0, ROUTES)
        .forEach(i -> routes.add(new Route("route-" + i + "-" + next(), next(), pool())));
    IntStream.range(0, POLICIES)
        .forEach(i -> policies.add(new Policy("policy-" + i + "-" + next(), next())));
    pools.forEach(pool -> calls.add(ChurnCall.apply(pool)));
    pods.forEach(pod -> calls.addAll(make(pod)));
    calls.addAll(complete());
    return calls;
  }

  /** Lets each object refer to others that exist. */
  List<ChurnCall> complete() {
    List<ChurnCall> calls = new ArrayList<>();
    routes.replaceAll(route -> new Route(route.name(), next(), route.pool()));
    routes.forEach(route -> calls.add(apply(route)));
    IntStream.range(0, POLICIES).forEach(i -> calls.add(apply(i)));
    return calls;
  }

  /** Makes one change, and returns the calls for it. */
  List<ChurnCall> change() {
    int which = random.nextInt(100);
    boolean replace = random.nextInt(REPLACED) == 0;
    if (which < 45) {
      return route(random.nextInt(ROUTES), replace);
    } else if (which < 80) {
      return pod(random.nextInt(PODS), replace);
    } else if (which < 90) {
      return policy(random.nextInt(POLICIES), replace);
    }
    return pool(random.nextInt(POOLS), replace);
  }

  private List<ChurnCall> route(int i, boolean replace) {
    Route before = routes.get(i);
    String name = replace ? "route-" + i + "-" + next() : before.name();
    routes.set(i, new Route(name, next(), pool()));
    return replaced(replace, apply(before), apply(routes.get(i)));
  }

  private List<ChurnCall> pool(int i, boolean replace) {
    Pool before = pools.get(i);
    String name = replace ? "pool-" + i + "-" + next() : before.name();
    pools.set(i, new Pool(name, 8000 + next() % 1000));
    return replaced(replace, ChurnCall.apply(before), ChurnCall.apply(pools.get(i)));
  }

  private List<ChurnCall> policy(int i, boolean replace) {
    Policy before = policies.get(i);
    ChurnCall.Apply old = apply(i);
    String name = replace ? "policy-" + i + "-" + next() : before.name();
    policies.set(i, new Policy(name, next()));
    return replaced(replace, old, apply(i));
  }

  private static List<ChurnCall> replaced(
      boolean replace, ChurnCall.Apply before, ChurnCall.Apply now) {
    return replace ? List.of(new ChurnCall.Delete(before.manifest()), now) : List.of(now);
  }

  private List<ChurnCall> pod(int i, boolean replace) {
    Pod before = pods.get(i);
    if (replace) {
      pods.set(i, newPod());
      List<ChurnCall> calls =
          new ArrayList<>(List.of(new ChurnCall.Delete(ChurnCall.apply(before).manifest())));
      calls.addAll(make(pods.get(i)));
      return calls;
    }
    if (random.nextBoolean()) {
      pods.set(i, new Pod(before.name(), before.ip(), before.pool(), !before.ready()));
      return List.of(ChurnCall.status(pods.get(i)));
    }
    pods.set(i, new Pod(before.name(), before.ip(), pool(), before.ready()));
    return List.of(ChurnCall.apply(pods.get(i)));
  }

  private Pod newPod() {
    int i = next();
    String ip = "10.%d.%d.%d".formatted(128 + (i >> 16) % 64, (i >> 8) % 256, i % 256);
    return new Pod("pod-" + i, ip, pool(), true);
  }

  private static List<ChurnCall> make(Pod pod) {
    return List.of(ChurnCall.apply(pod), ChurnCall.status(pod));
  }

  private ChurnCall.Apply apply(Route route) {
    return ChurnCall.apply(route, pools.get(route.pool()));
  }

  private ChurnCall.Apply apply(int policy) {
    return ChurnCall.apply(policies.get(policy), routes.get(policy));
  }

  private int pool() {
    return random.nextInt(POOLS);
  }

  private int next() {
    return ++number;
  }

  /** The routes by name, each with the version of its response header. */
  Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    routes.forEach(route -> versions.put(route.name(), String.valueOf(route.version())));
    return versions;
  }

  /** The models of the policies. */
  Set<String> models() {
    Set<String> models = new TreeSet<>();
    policies.forEach(policy -> models.add("model-" + policy.version()));
    return models;
  }

  /** The addresses of the ready pods behind each route. */
  Map<String, Set<String>> endpoints() {
    Map<String, Set<String>> endpoints = new LinkedHashMap<>();
    routes.forEach(route -> {
      Set<String> addresses = new TreeSet<>();
      pods.stream()
          .filter(pod -> pod.ready() && pod.pool() == route.pool())
          .forEach(pod -> addresses.add(pod.ip() + ":" + pools.get(route.pool()).port()));
      endpoints.put(route.name(), addresses);
    });
    return endpoints;
  }
}
