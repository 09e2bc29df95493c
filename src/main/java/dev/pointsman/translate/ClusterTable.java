package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.translate.ClusterFactory.PickerCluster;
import dev.pointsman.translate.ClusterFactory.PoolCluster;
import dev.pointsman.translate.RequiredResources.Picker;
import dev.pointsman.translate.RequiredResources.PoolClusterSpec;
import dev.pointsman.wire.Bytes;
import dev.pointsman.wire.FieldReader;
import dev.pointsman.wire.MapOrder;
import dev.pointsman.xds.Answers;
import dev.pointsman.xds.EnvoyRules;
import dev.pointsman.xds.HostNames;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The clusters of a translation: Envoy Gateway's (some rewritten for pools), then the added ones. */
public final class ClusterTable {
  /** The approximate memory of a picker's entry without its cluster, in bytes. */
  private static final int PICKER_BYTES = 200;

  private static final MapOrder MAPS = MapOrder.of(Cluster.getDescriptor());

  private final List<ByteString> originals;
  private final List<ByteString> clusters;
  private final Map<String, Integer> positions;
  private final Reuse reuse;
  private final Map<String, PoolCluster> unchanged = new HashMap<>();
  private final SortedMap<String, ByteString> missing = new TreeMap<>();
  private final Set<String> withEjection = new HashSet<>();
  private final Diagnostics unreadable = new Diagnostics();
  private int poolClusters;

  private ClusterTable(List<ByteString> originals, Reuse reuse) {
    this.originals = originals;
    this.reuse = reuse;
    clusters = new ArrayList<>(originals);
    positions =
        HashMap.newHashMap(originals.size() + originals.size() / 4); // room for added clusters
  }

  /** Indexes the clusters by name, and finds pools' clusters of the last translation whose originals are unchanged. */
  public static ClusterTable of(List<ByteString> originals, Reuse reuse) {
    ClusterTable table = new ClusterTable(originals, reuse);
    for (int i = 0; i < originals.size(); i++) {
      try {
        table.positions.putIfAbsent(FieldReader.name(originals.get(i)), i);
      } catch (InvalidProtocolBufferException unreadable) {
        table.unreadable.unreadable("Cluster", "number " + i, unreadable);
      }
    }
    reuse.last(Places.POOL_CLUSTERS).forEach((name, cluster) -> {
      ByteString original = table.original(table.positions.get(name), cluster.spec());
      if (original != null && Bytes.same(cluster.original(), original)) {
        table.unchanged.put(name, cluster);
      }
    });
    return table;
  }

  /** The clusters of the request. */
  List<ByteString> originals() {
    return originals;
  }

  /** The weights that a rule's cluster carries itself; null when it carries none. */
  @Nullable
  List<BackendWeight> weights(String name) {
    Integer at = positions.get(name);
    return at == null ? null : BackendWeights.carried(originals.get(at));
  }

  /**
   * Adds the endpoints with host names, which were removed from endpoint discovery, to the clusters of rules. Call it
   * before {@link #rewrite}, which may replace a cluster with a pool's.
   *
   * @param rules the clusters of the rules that name pools
   */
  void resolve(
      Map<String, ClusterLoadAssignment> byName,
      Supplier<Set<String>> rules,
      Diagnostics diagnostics) {
    if (byName.isEmpty()) {
      return; // as most often
    }
    Set<String> clusters = rules.get();
    byName.forEach((name, endpoints) -> {
      Integer at = clusters.contains(name) ? positions.get(name) : null;
      if (at != null) {
        resolve(at, name, endpoints, diagnostics);
      }
    });
  }

  private void resolve(
      int at, String name, ClusterLoadAssignment endpoints, Diagnostics diagnostics) {
    try {
      Cluster cluster = Cluster.parseFrom(originals.get(at));
      clusters.set(at, HostNames.resolve(cluster, endpoints).toByteString());
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("Cluster", name, unreadable);
    }
  }

  /** Makes the clusters of pools, pickers and mirrors, and the cluster for endpoint discovery. */
  void rewrite(RequiredResources required, ClusterFactory factory, Diagnostics diagnostics) {
    diagnostics.addAll(unreadable.sorted());
    required.pools().forEach((name, spec) -> addPool(name, spec, factory, diagnostics));
    required
        .spares(positions.keySet())
        .forEach((name, spec) -> addPool(name, spec, factory, diagnostics));
    missing.forEach(this::addMissing);
    new TreeMap<>(required.pickers())
        .forEach((name, picker) -> addPicker(name, picker, factory, diagnostics));
    required.mirrors().forEach(this::addMissing);
    if (!required.isEmpty()) {
      addMissing(XdsNames.EDS_CLUSTER, factory.endpointDiscovery());
    }
  }

  private void addPool(
      String name, PoolClusterSpec spec, ClusterFactory factory, Diagnostics diagnostics) {
    Integer at = positions.get(name);
    PoolCluster last = unchanged.get(name);
    if (last != null && last.spec().equals(spec)) {
      add(name, at, last);
      return;
    }
    ByteString original = original(at, spec);
    if (original == null) {
      return; // its requests get a 503: their cluster does not exist
    }
    try {
      add(name, at, factory.pool(name, spec, original));
    } catch (EnvoyRules.Broken broken) {
      diagnostics.add(ClusterFactory.broken(name, String.valueOf(broken.getMessage())));
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      diagnostics.unreadable("Cluster", name, unreadable);
    }
  }

  /** @param at the index of Envoy Gateway's cluster with that name, or null */
  private void add(String name, @Nullable Integer at, PoolCluster pool) {
    reuse.keep(
        Places.POOL_CLUSTERS,
        name,
        pool,
        pool.original().size() + (long) pool.bytes().size());
    if (at == null) {
      missing.put(name, pool.bytes());
    } else {
      clusters.set(at, pool.bytes());
    }
    if (pool.canEjectHosts()) {
      withEjection.add(name);
    }
    poolClusters++;
  }

  /** Whether there is a cluster with the name. */
  boolean has(String name) {
    return positions.containsKey(name);
  }

  /** The cluster of a picker, which is not added. */
  PickerCluster picker(String name, Picker picker, ClusterFactory factory) {
    PickerCluster last = reuse.last(Places.PICKER_CLUSTERS, name);
    PickerCluster cluster =
        last != null && last.picker().equals(picker) ? last : factory.picker(picker);
    reuse.keep(
        Places.PICKER_CLUSTERS,
        name,
        cluster,
        PICKER_BYTES + (long) cluster.bytes().size());
    return cluster;
  }

  private void addPicker(
      String name, Picker picker, ClusterFactory factory, Diagnostics diagnostics) {
    PickerCluster cluster = picker(name, picker, factory);
    if (cluster.broken().isPresent()) {
      diagnostics.add(ClusterFactory.broken(name, cluster.broken().get()));
    } else {
      addMissing(name, cluster.bytes());
    }
  }

  /**
   * The source of a pool's cluster: Envoy Gateway's cluster with its name, else the rule's, else the cluster of one of
   * the rule's backends if Envoy Gateway has made one for each.
   *
   * @param named the index of the cluster with its name, or null
   */
  private @Nullable ByteString original(@Nullable Integer named, PoolClusterSpec spec) {
    Integer at = named == null ? positions.get(spec.original()) : named;
    if (at == null) {
      at = BackendWeight.clusters(spec.original())
          .map(positions::get)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
    return at == null ? null : MAPS.sorted(originals.get(at));
  }

  /** Adds a cluster, unless there is one with the name. */
  void addMissing(String name, ByteString cluster) {
    if (positions.putIfAbsent(name, clusters.size()) == null) {
      clusters.add(cluster);
    }
  }

  /**
   * All clusters, with those of the loops and those that are added later.
   *
   * @param answers whether to add the cluster of counted answers
   */
  List<ByteString> all(List<Loop> loops, boolean answers) {
    loops.forEach(loop -> loop.clusters().forEach(this::addMissing));
    if (answers) {
      addMissing(XdsNames.ANSWERS_CLUSTER, Answers.cluster().toByteString());
    }
    return clusters;
  }

  /** The clusters of pools that eject hosts or check their health. */
  Set<String> withEjection() {
    return withEjection;
  }

  /** The number of clusters that were rewritten or added for pools. */
  int poolClusters() {
    return poolClusters;
  }
}
