package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Plans.Target;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.PickerSettings.Connection;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.RouteChange;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.RouteFacts;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one translation of a Gateway works out, for the next one: Envoy Gateway sends everything each time, of which
 * little has changed. A result is taken over where everything that it depends on is equal, so that it makes no
 * difference but in time. What the next translation does not ask for again is forgotten with this one.
 */
final class Memo {
  private final Kept last;
  private final Map<Content, KnownRoute> routes;
  private final Map<String, KnownCluster> clusters;
  private final List<KnownPicker> pickers;
  private final Map<ByteString, KnownListener> listeners = new HashMap<>();
  private @Nullable KnownRoute latest;
  private long size;

  /**
   * What is kept from one translation for the next.
   *
   * @param pickers by name
   * @param bytes of resources in it, roughly
   */
  record Kept(
      Map<Content, KnownRoute> routes,
      Map<String, KnownCluster> clusters,
      List<KnownPicker> pickers,
      Map<ByteString, KnownListener> listeners,
      int bytes) {
    static final Kept NOTHING = new Kept(Map.of(), Map.of(), List.of(), Map.of(), 0);
  }

  /** A route of a route configuration, hashed by its ends, where its match and its name are, and compared as a whole. */
  static final class Content {
    private static final int END = 48;

    private final String table;
    private final ByteString bytes;
    private final int hash;

    private Content(String table, ByteString bytes) {
      this.table = table;
      this.bytes = bytes;
      int size = bytes.size();
      hash = 31 * (31 * size + bytes.substring(0, Math.min(END, size)).hashCode())
          + bytes.substring(Math.max(0, size - END)).hashCode();
    }

    private boolean is(String table, ByteString bytes) {
      return same(this.bytes, bytes) && this.table.equals(table);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Content content
          && hash == content.hash
          && is(content.table, content.bytes);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** A route, and what became of it the last time. */
  static final class KnownRoute {
    private final Content content;
    private final RouteFacts facts;
    private volatile @Nullable KnownRoute follower; // most often it follows again
    private volatile @Nullable Planned planned;
    private volatile @Nullable Rewritten rewritten;

    private record Planned(List<BackendWeight> told, RulePlan plan) {}

    private record Rewritten(RouteChange change, Changed changed) {}

    private KnownRoute(Content content, RouteFacts facts) {
      this.content = content;
      this.facts = facts;
    }

    RouteFacts facts() {
      return facts;
    }

    /**
     * The plan of its rule, which depends on nothing else once the weights are known.
     *
     * @param told the weights that Envoy Gateway told for the rule
     */
    RulePlan plan(List<BackendWeight> told, Supplier<RulePlan> make) {
      Planned known = planned;
      if (known == null || !known.told.equals(told)) {
        known = new Planned(told, make.get());
        planned = known;
      }
      return known.plan;
    }

    /** What becomes of it. */
    Changed changed(RouteChange change) throws InvalidProtocolBufferException {
      Rewritten known = rewritten;
      if (known == null || !known.change.equals(change)) {
        known = new Rewritten(change, change.apply(content.bytes));
        rewritten = known;
      }
      return known.changed;
    }
  }

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
    routes = HashMap.newHashMap(last.routes.size());
    clusters = HashMap.newHashMap(last.clusters.size());
    pickers = new ArrayList<>(last.pickers.size());
  }

  /** What this translation has worked out. */
  Kept kept() {
    if (latest != null) {
      latest.follower = null; // or it would keep those that are gone
    }
    long bytes =
        size + pickers.stream().mapToLong(picker -> picker.cluster.size()).sum();
    return new Kept(routes, clusters, pickers, listeners, (int) Math.min(bytes, Integer.MAX_VALUE));
  }

  /** A route of a route configuration. */
  KnownRoute route(String table, ByteString bytes) throws InvalidProtocolBufferException {
    KnownRoute known = latest == null ? null : latest.follower;
    if (known == null || !known.content.is(table, bytes)) {
      Content content = new Content(table, bytes);
      known = last.routes.getOrDefault(content, routes.get(content));
      if (known == null) {
        known = new KnownRoute(new Content(table, copy(bytes)), RouteFacts.of(bytes));
      }
      if (latest != null) {
        latest.follower = known;
      }
    }
    latest = known;
    routes.put(known.content, known);
    size += 4L * bytes.size(); // what we know of it and what becomes of it, too
    return known;
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
      if (original != null && same(known.original, original)) {
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

  private static boolean same(ByteString one, ByteString other) {
    // Buffers are compared many bytes at once.
    return one.size() == other.size()
        && one.asReadOnlyByteBuffer().equals(other.asReadOnlyByteBuffer());
  }
}
