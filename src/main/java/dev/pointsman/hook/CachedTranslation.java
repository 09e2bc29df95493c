package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.RequiredResources.Target;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings.Connection;
import dev.pointsman.xds.EnvoyRules;
import dev.pointsman.xds.PoolClusters;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one translation of a Gateway works out, for the next one: Envoy Gateway sends everything each time, of which
 * little has changed. A result is taken over where everything that it depends on is equal, so that it makes no
 * difference but in time. What the next translation does not ask for again is forgotten with this one.
 */
final class CachedTranslation {
  /** The memory of a picker beside its cluster, roughly, in bytes. */
  private static final int PICKER = 200;

  private final Kept last;
  private final Map<HostName, CachedVirtualHost> hosts = new HashMap<>();
  private final Map<String, CachedCluster> clusters;
  private final List<CachedPicker> pickers;
  private final Map<ByteString, CachedListener> listeners = new HashMap<>();
  private final SortedMap<String, Loop> loops = new TreeMap<>();
  private long size;

  /**
   * What is kept from one translation for the next.
   *
   * @param pickers by name
   * @param bytes of resources in it, roughly
   */
  record Kept(
      Map<HostName, CachedVirtualHost> hosts,
      Map<String, CachedCluster> clusters,
      List<CachedPicker> pickers,
      Map<ByteString, CachedListener> listeners,
      Map<String, Loop> loops,
      int bytes) {
    static final Kept NOTHING = new Kept(Map.of(), Map.of(), List.of(), Map.of(), Map.of(), 0);
  }

  private record HostName(String routeConfiguration, String host) {}

  /** A cluster, what it was made from and what for. */
  record CachedCluster(ByteString original, Target target, PoolCluster pool) {}

  /** A cluster whose original came again, and where the cluster of its name stands among those that came, if it does. */
  record Unchanged(CachedCluster cluster, @Nullable Integer at) {}

  /**
   * A picker, its cluster's name and its cluster.
   *
   * @param broken the rule of Envoy's that the cluster breaks
   */
  record CachedPicker(Picker picker, String name, ByteString cluster, Optional<String> broken) {
    private static CachedPicker of(Picker picker, String name, Cluster cluster) {
      return new CachedPicker(picker, name, cluster.toByteString(), EnvoyRules.brokenBy(cluster));
    }
  }

  /** An endpoint picker and how it is asked. */
  record Picker(ServicePort service, Connection connection) {}

  /**
   * A pool's cluster.
   *
   * @param canEjectHosts whether it ejects hosts or checks their health
   */
  record PoolCluster(ByteString bytes, boolean canEjectHosts) {}

  /** A cached of nothing but the last translation. */
  CachedTranslation(Kept last) {
    this.last = last;
    clusters = HashMap.newHashMap(last.clusters.size());
    pickers = new ArrayList<>(last.pickers.size());
  }

  /** What this translation has worked out. */
  Kept kept() {
    long bytes = size
        + pickers.stream().mapToLong(picker -> PICKER + picker.cluster().size()).sum()
        + hosts.values().stream()
            .flatMap(host -> host.chunks().stream())
            .mapToLong(RouteChunk::size)
            .sum();
    return new Kept(
        hosts, clusters, pickers, listeners, loops, (int) Math.min(bytes, Integer.MAX_VALUE));
  }

  /** A virtual host as it was the last time; empty where it did not isRelevant us. */
  Optional<CachedVirtualHost> host(String routeConfiguration, String name) {
    return Optional.ofNullable(last.hosts.get(new HostName(routeConfiguration, name)));
  }

  /** Keeps a virtual host that concerns us. */
  void keep(String routeConfiguration, CachedVirtualHost host) {
    hosts.put(new HostName(routeConfiguration, host.shallow().getName()), host);
  }

  /**
   * The last translation's clusters, by name, whose originals have come again unchanged. It may run beside all else.
   *
   * @param positions of the clusters that came, by name
   * @param originals what a cluster would be made from, if one that already has its name stands there
   */
  Map<String, Unchanged> unchanged(
      Map<String, Integer> positions,
      BiFunction<@Nullable Integer, Target, @Nullable ByteString> originals) {
    Map<String, Unchanged> unchanged = HashMap.newHashMap(last.clusters.size());
    last.clusters.forEach((name, known) -> {
      Integer at = positions.get(name);
      ByteString original = originals.apply(at, known.target);
      if (original != null && Bytes.same(known.original, original)) {
        unchanged.put(name, new Unchanged(known, at));
      }
    });
    return unchanged;
  }

  /** The cluster that a target becomes, made from one of Envoy Gateway's. */
  PoolCluster cluster(
      String name, Target target, ByteString original, Function<Cluster, Cluster> rewrite)
      throws InvalidProtocolBufferException {
    Cluster given = Cluster.parseFrom(original);
    Cluster cluster = EnvoyRules.kept(rewrite.apply(given), given);
    return keep(
        name,
        new CachedCluster(
            Bytes.copy(original),
            target,
            new PoolCluster(cluster.toByteString(), PoolClusters.canEjectHosts(cluster))));
  }

  /** Keeps what the last translation made of a cluster. */
  PoolCluster keep(String name, CachedCluster cluster) {
    clusters.put(name, cluster);
    size += cluster.original.size() + cluster.pool.bytes().size();
    return cluster.pool;
  }

  /**
   * The clusters of pickers, by name. It may run beside all else.
   *
   * @param required by the clusters' names
   */
  List<CachedPicker> pickers(Map<String, Picker> required, Function<Picker, Cluster> make) {
    for (CachedPicker known : last.pickers) {
      if (known.picker.equals(required.get(known.name))) {
        pickers.add(known);
      }
    }
    if (pickers.size() < required.size()) {
      Set<String> known = pickers.stream().map(CachedPicker::name).collect(Collectors.toSet());
      required.forEach((name, picker) -> {
        if (!known.contains(name)) {
          pickers.add(CachedPicker.of(picker, name, make.apply(picker)));
        }
      });
      pickers.sort(Comparator.comparing(CachedPicker::name));
    }
    return pickers;
  }

  /** A listener. */
  CachedListener listener(ByteString bytes) throws InvalidProtocolBufferException {
    CachedListener known = last.listeners.get(bytes);
    if (known == null) {
      known = new CachedListener(Bytes.copy(bytes));
    }
    listeners.put(known.bytes(), known);
    size += known.size();
    return known;
  }

  /**
   * The loops for large bodies of route configurations.
   *
   * @param processors users' processors that run there, by name of route configuration
   */
  List<Loop> loops(Map<String, List<HttpFilter>> processors) {
    processors.forEach((name, filters) -> {
      Loop known = last.loops.get(name);
      loops.put(
          name,
          known != null && known.processors().equals(filters) ? known : Loop.of(name, filters));
    });
    return List.copyOf(loops.values());
  }
}
