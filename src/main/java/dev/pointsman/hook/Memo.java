package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.RouteTable.Placed;
import dev.pointsman.hook.StretchPlan.Target;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings.Connection;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.PoolClusters;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one translation of a Gateway works out, for the next one: Envoy Gateway sends everything each time, of which
 * little has changed. A result is taken over where everything that it depends on is equal, so that it makes no
 * difference but in time. What the next translation does not ask for again is forgotten with this one.
 */
final class Memo {
  private final Kept last;
  private final Map<HostName, List<Stretch>> stretches = new HashMap<>();
  private final Map<String, KnownCluster> clusters;
  private final List<KnownPicker> pickers;
  private final Map<ByteString, KnownListener> listeners = new HashMap<>();
  private long size;

  /**
   * What is kept from one translation for the next.
   *
   * @param pickers by name
   * @param bytes of resources in it, roughly
   */
  record Kept(
      Map<HostName, List<Stretch>> stretches,
      Map<String, KnownCluster> clusters,
      List<KnownPicker> pickers,
      Map<ByteString, KnownListener> listeners,
      int bytes) {
    static final Kept NOTHING = new Kept(Map.of(), Map.of(), List.of(), Map.of(), 0);
  }

  private record HostName(String routeConfiguration, String host) {}

  /** A cluster, what it was made from and what for. */
  record KnownCluster(ByteString original, Target target, PoolCluster pool) {}

  /** A picker, its cluster's name and its cluster. */
  record KnownPicker(Picker picker, String name, ByteString cluster) {}

  private record KnownListener(Map<String, Needs> needs, ByteString rewritten) {}

  /** Makes what is not known yet. */
  interface Rewriting {
    /** What is to be remembered, unless something is unreadable. */
    ByteString result() throws InvalidProtocolBufferException;
  }

  /** An endpoint picker and how it is asked. */
  record Picker(ServicePort service, Connection connection) {
    @Override
    public int hashCode() {
      return service.hashCode(); // most often it tells pickers apart, at a fraction of the time
    }
  }

  /**
   * A pool's cluster.
   *
   * @param setsHostsAside whether it ejects hosts or checks their health
   */
  record PoolCluster(ByteString bytes, boolean setsHostsAside) {}

  /** A memo of nothing but the last translation. */
  Memo(Kept last) {
    this.last = last;
    clusters = HashMap.newHashMap(last.clusters.size());
    pickers = new ArrayList<>(last.pickers.size());
  }

  /** What this translation has worked out. */
  Kept kept() {
    long bytes = size
        + pickers.stream().mapToLong(picker -> picker.cluster.size()).sum()
        + stretches.values().stream()
            .flatMap(List::stream)
            .mapToLong(Stretch::size)
            .sum();
    return new Kept(
        stretches, clusters, pickers, listeners, (int) Math.min(bytes, Integer.MAX_VALUE));
  }

  /** The stretches of routes that a virtual host had the last time; none where it did not concern us. */
  List<Stretch> stretches(String routeConfiguration, String host) {
    return last.stretches.getOrDefault(new HostName(routeConfiguration, host), List.of());
  }

  /** Keeps the stretches of a virtual host that concerns us. */
  void keep(String routeConfiguration, String host, List<Placed> placed) {
    stretches.put(
        new HostName(routeConfiguration, host),
        placed.stream().map(Placed::stretch).toList());
  }

  /**
   * The last translation's clusters, by name, whose originals have come again unchanged. It may run beside all else.
   *
   * @param originals what a cluster of that name would be made from
   */
  Map<String, KnownCluster> unchanged(BiFunction<String, Target, @Nullable ByteString> originals) {
    Map<String, KnownCluster> unchanged = HashMap.newHashMap(last.clusters.size());
    last.clusters.forEach((name, known) -> {
      ByteString original = originals.apply(name, known.target);
      if (original != null && RouteBytes.same(known.original, original)) {
        unchanged.put(name, known);
      }
    });
    return unchanged;
  }

  /**
   * The cluster that a target becomes, made from one of Envoy Gateway's.
   *
   * @param unchanged what the last translation made of this original, if it did
   */
  PoolCluster cluster(
      String name,
      Target target,
      ByteString original,
      @Nullable KnownCluster unchanged,
      Function<Cluster, Cluster> rewrite)
      throws InvalidProtocolBufferException {
    KnownCluster known = unchanged;
    if (known == null || !known.target.equals(target)) {
      Cluster cluster = rewrite.apply(Cluster.parseFrom(original));
      known = new KnownCluster(
          copy(original),
          target,
          new PoolCluster(cluster.toByteString(), PoolClusters.setsHostsAside(cluster)));
    }
    clusters.put(name, known);
    size += original.size() + known.pool.bytes().size();
    return known.pool;
  }

  /** The clusters of pickers, by name. It may run beside all else. */
  List<KnownPicker> pickers(Set<Picker> wanted, Function<Picker, Cluster> make) {
    last.pickers.stream().filter(known -> wanted.contains(known.picker)).forEach(pickers::add);
    if (pickers.size() < wanted.size()) {
      Set<Picker> known = pickers.stream().map(KnownPicker::picker).collect(Collectors.toSet());
      wanted.stream().filter(picker -> !known.contains(picker)).forEach(picker -> {
        Cluster cluster = make.apply(picker);
        pickers.add(new KnownPicker(picker, cluster.getName(), cluster.toByteString()));
      });
      pickers.sort(Comparator.comparing(KnownPicker::name));
    }
    return pickers;
  }

  /** What a listener becomes. */
  ByteString listener(ByteString original, Map<String, Needs> needs, Rewriting rewriting)
      throws InvalidProtocolBufferException {
    KnownListener known = last.listeners.get(original);
    if (known == null || !known.needs.equals(needs)) {
      known = new KnownListener(needs, copy(rewriting.result()));
    }
    listeners.put(copy(original), known);
    size += original.size() + known.rewritten.size();
    return known.rewritten;
  }

  /** The same bytes, sharing no memory with the message that they came with. */
  private static ByteString copy(ByteString bytes) {
    return ByteString.copyFrom(bytes.toByteArray());
  }
}
