package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Plans.Target;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.xds.HostNames;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.Peek;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The clusters of a translation: Envoy Gateway's, those of them that become pools', and ours behind them. */
final class Clusters {
  /** Gateway API's limit for a rule. */
  private static final int MOST_BACKENDS = 16;

  private final List<ByteString> given;
  private final List<ByteString> clusters;
  private final Map<String, Integer> positions;
  private final Set<String> settingHostsAside = new HashSet<>();
  private int poolClusters;

  private Clusters(List<ByteString> given) {
    this.given = given;
    clusters = new ArrayList<>(given);
    positions = HashMap.newHashMap(given.size() + given.size() / 4); // some more come
  }

  static Clusters rewrite(
      List<ByteString> given,
      Plans plans,
      BackendWeights.Told told,
      Memo memo,
      Diagnostics diagnostics) {
    Clusters clusters = new Clusters(given);
    clusters.index(diagnostics);
    told.byName().forEach((name, endpoints) -> clusters.resolve(name, endpoints, diagnostics));
    plans.targets().forEach((name, target) -> clusters.addPool(name, target, memo, diagnostics));
    for (Memo.Picker picker : plans.pickers()) {
      clusters.addMissing(
          XdsNames.picker(picker.service(), picker.connection()), memo.picker(picker));
    }
    plans.mirrors().forEach(clusters::addMissing);
    return clusters;
  }

  private void index(Diagnostics diagnostics) {
    for (int i = 0; i < given.size(); i++) {
      try {
        positions.putIfAbsent(Peek.name(given.get(i)), i);
      } catch (InvalidProtocolBufferException unreadable) {
        diagnostics.unreadable("Cluster", "number " + i, unreadable);
      }
    }
  }

  /** Before pools' clusters, so that one that replaces it wins. */
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

  private void addPool(String name, Target target, Memo memo, Diagnostics diagnostics) {
    Integer at = positions.get(name);
    Integer from = at == null ? original(target.original()) : at;
    if (from == null) {
      return; // its requests meet a cluster that does not exist, and get a 503
    }
    try {
      Memo.PoolCluster pool = memo.cluster(given.get(from), name, target);
      if (at == null) {
        addMissing(name, pool.bytes());
      } else {
        clusters.set(at, pool.bytes());
      }
      if (pool.setsHostsAside()) {
        settingHostsAside.add(name);
      }
      poolClusters++;
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      diagnostics.unreadable("Cluster", name, unreadable);
    }
  }

  /** The rule's cluster, or one of its backends' where Envoy Gateway has made one for each. */
  private @Nullable Integer original(String rule) {
    Integer at = positions.get(rule);
    for (int backend = 0; at == null && backend < MOST_BACKENDS; backend++) {
      at = positions.get(rule + "/backend/" + backend);
    }
    return at;
  }

  private void addMissing(String name, ByteString cluster) {
    if (positions.putIfAbsent(name, clusters.size()) == null) {
      clusters.add(cluster);
    }
  }

  /** All clusters, with those that lead into the loops for large bodies. */
  List<ByteString> withLoops(Set<String> routeConfigurations) {
    for (String routeConfiguration : routeConfigurations) {
      addMissing(
          XdsNames.largeBodies(routeConfiguration),
          LargeBodies.cluster(routeConfiguration).toByteString());
    }
    return clusters;
  }

  /** Whether one of the shares' clusters may set hosts aside while it runs. */
  boolean setHostsAside(List<Share> shares) {
    return shares.stream().map(Share::cluster).anyMatch(settingHostsAside::contains);
  }

  /** How many became pools'. */
  int poolClusters() {
    return poolClusters;
  }
}
