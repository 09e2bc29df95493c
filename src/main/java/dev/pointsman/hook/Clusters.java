package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.CachedTranslation.CachedPicker;
import dev.pointsman.hook.CachedTranslation.Picker;
import dev.pointsman.hook.CachedTranslation.PoolCluster;
import dev.pointsman.hook.CachedTranslation.Unchanged;
import dev.pointsman.hook.RequiredResources.Target;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.BackendWeight;
import dev.pointsman.plan.PoolBackend.Plain;
import dev.pointsman.plan.PoolBackend.Unusable;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.xds.Answers;
import dev.pointsman.xds.EnvoyRules;
import dev.pointsman.xds.FieldReader;
import dev.pointsman.xds.HostNames;
import dev.pointsman.xds.PickerClusters;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The clusters of a translation: Envoy Gateway's, those of them that become pools', and ours behind them. */
final class Clusters {
  /** Gateway API's limit for a rule. */
  private static final int MOST_BACKENDS = 16;

  private final List<ByteString> given;
  private final List<ByteString> clusters;
  private final Map<String, Integer> positions;
  private Map<String, Unchanged> unchanged = Map.of();
  private final SortedMap<String, ByteString> missing = new TreeMap<>();
  private final Set<String> clustersWithEjection = new HashSet<>();
  private final Diagnostics unreadable = new Diagnostics();
  private int poolClusters;

  /**
   * How clusters of ours are made, unless they are known from the last translation.
   *
   * @param edsCluster leads to endpoint discovery
   */
  record Loader(
      PoolClusters pools, PickerClusters pickers, ByteString edsCluster, CachedTranslation cached) {
    private PoolCluster pool(String name, Target target, ByteString original)
        throws InvalidProtocolBufferException {
      return cached.cluster(name, target, original, cluster -> rewrite(cluster, name, target));
    }

    private Cluster rewrite(Cluster original, String name, Target target) {
      return switch (target.backend()) {
        case Usable pool -> pools.rewrite(original, name, pool, target.outliers());
        case Plain(ServicePort service) -> pools.rewrite(original, name, service);
        case Unusable _ -> throw new IllegalArgumentException("no cluster for " + target.backend());
      };
    }

    private List<CachedPicker> pickers(Map<String, Picker> required) {
      return cached.pickers(required, picker -> pickers.of(picker.service(), picker.connection()));
    }
  }

  private Clusters(List<ByteString> given) {
    this.given = given;
    clusters = new ArrayList<>(given);
    positions = HashMap.newHashMap(given.size() + given.size() / 4); // some more come
  }

  /** The clusters as they came, with an index of their names. It may run beside all else. */
  static Clusters of(List<ByteString> given) {
    Clusters clusters = new Clusters(given);
    for (int i = 0; i < given.size(); i++) {
      try {
        clusters.positions.putIfAbsent(FieldReader.name(given.get(i)), i);
      } catch (InvalidProtocolBufferException unreadable) {
        clusters.unreadable.unreadable("Cluster", "number " + i, unreadable);
      }
    }
    return clusters;
  }

  /** Finds the clusters that the last translation rewrote and that came again unchanged. It may run beside all else. */
  void compare(CachedTranslation cached) {
    unchanged = cached.unchanged(positions, this::original);
  }

  /** The weights that a rule's cluster carries itself; null when it carries none. */
  @Nullable
  List<BackendWeight> weights(String name) {
    Integer at = positions.get(name);
    return at == null ? null : BackendWeights.carried(given.get(at));
  }

  /**
   * Gives the clusters of rules the endpoints with host names that we took out of what Envoy discovers. Before pools'
   * clusters are made, so that one that replaces it wins.
   *
   * @param rules the clusters of the rules that name pools
   */
  void resolve(
      Map<String, ClusterLoadAssignment> byName, Set<String> rules, Diagnostics diagnostics) {
    byName.forEach((name, endpoints) -> {
      if (rules.contains(name)) {
        resolve(name, endpoints, diagnostics);
      }
    });
  }

  /** Makes the pools' clusters. */
  void rewrite(RequiredResources required, Loader making, Diagnostics diagnostics) {
    diagnostics.addAll(unreadable.sorted());
    required.targets().forEach((name, target) -> addPool(name, target, making, diagnostics));
  }

  /**
   * Adds the clusters that Envoy Gateway has none for. It may run beside the rewriting of routes.
   *
   * @return what there is to say of those that cannot be made
   */
  List<Diagnostic> complete(RequiredResources required, Loader making) {
    List<Diagnostic> said = new ArrayList<>();
    missing.forEach(this::addMissing);
    for (CachedPicker picker : making.pickers(required.pickers())) {
      if (picker.broken().isPresent()) {
        said.add(broken(picker.name(), picker.broken().get())); // as where its Service is missing
      } else {
        addMissing(picker.name(), picker.cluster());
      }
    }
    required.mirrors().forEach(this::addMissing);
    if (!required.isEmpty()) {
      addMissing(XdsNames.EDS_CLUSTER, making.edsCluster());
    }
    return said;
  }

  private void resolve(String name, ClusterLoadAssignment endpoints, Diagnostics diagnostics) {
    Integer at = positions.get(name);
    if (at == null) {
      return;
    }
    try {
      Cluster cluster = Cluster.parseFrom(given.get(at));
      clusters.set(at, HostNames.resolve(cluster, endpoints).toByteString());
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("Cluster", name, unreadable);
    }
  }

  private void addPool(String name, Target target, Loader making, Diagnostics diagnostics) {
    Unchanged known = unchanged.get(name);
    if (known != null && known.cluster().target().equals(target)) {
      add(name, known.at(), making.cached().keep(name, known.cluster()));
      return;
    }
    Integer at = positions.get(name);
    ByteString original = original(at, target);
    if (original == null) {
      return; // its requests meet a cluster that does not exist, and get a 503
    }
    try {
      add(name, at, making.pool(name, target, original));
    } catch (EnvoyRules.Broken broken) {
      diagnostics.add(broken(name, String.valueOf(broken.getMessage())));
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      diagnostics.unreadable("Cluster", name, unreadable);
    }
  }

  private static Diagnostic broken(String cluster, String rule) {
    return new Diagnostic(
        Reason.BrokenRule,
        new ObjectRef("Cluster", "", cluster),
        "",
        "is not made, because it would break a rule of Envoy's: " + rule);
  }

  /** @param at where Envoy Gateway's cluster of that name stands, if there is one */
  private void add(String name, @Nullable Integer at, PoolCluster pool) {
    if (at == null) {
      missing.put(name, pool.bytes());
    } else {
      clusters.set(at, pool.bytes());
    }
    if (pool.canEjectHosts()) {
      clustersWithEjection.add(name);
    }
    poolClusters++;
  }

  /**
   * What a pool's cluster is made from: the one that has its name, or the rule's, or one of the rule's backends' where
   * Envoy Gateway has made one for each.
   *
   * @param named where the one is that has its name
   */
  private @Nullable ByteString original(@Nullable Integer named, Target target) {
    Integer at = named;
    if (at == null) {
      at = positions.get(target.original());
    }
    for (int backend = 0; at == null && backend < MOST_BACKENDS; backend++) {
      at = positions.get(BackendWeight.cluster(target.original(), backend));
    }
    return at == null ? null : given.get(at);
  }

  private void addMissing(String name, ByteString cluster) {
    if (positions.putIfAbsent(name, clusters.size()) == null) {
      clusters.add(cluster);
    }
  }

  /**
   * All clusters, with those that lead into the loops for large bodies.
   *
   * @param answers whether the cluster of counted answers is among them
   */
  List<ByteString> withLoops(List<Loop> loops, boolean answers) {
    loops.forEach(loop -> addMissing(loop.name(), loop.cluster()));
    if (answers) {
      addMissing(XdsNames.ANSWERS_CLUSTER, Answers.cluster().toByteString());
    }
    return clusters;
  }

  /** The pools' clusters that may set hosts aside while they run. */
  Set<String> clustersWithEjection() {
    return clustersWithEjection;
  }

  /** How many became pools'. */
  int poolClusters() {
    return poolClusters;
  }
}
