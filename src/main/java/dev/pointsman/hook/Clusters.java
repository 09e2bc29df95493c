package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Plans.Target;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.PickerClusters;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.XdsNames;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The clusters of a translation: Envoy Gateway's, those that became pools', and ours behind them. */
final class Clusters {
  private final List<ByteString> clusters;
  private final Set<String> names;
  private final Set<String> ejecting;
  private final int rewritten;

  private Clusters(
      List<ByteString> clusters, Set<String> names, Set<String> ejecting, int rewritten) {
    this.clusters = clusters;
    this.names = names;
    this.ejecting = ejecting;
    this.rewritten = rewritten;
  }

  static Clusters rewrite(
      List<ByteString> given,
      Plans plans,
      XdsSettings settings,
      TranslationHook.Diagnostics diagnostics) {
    List<ByteString> clusters = new ArrayList<>(given);
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < given.size(); i++) {
      try {
        byName.putIfAbsent(TranslationHook.nameOf(given.get(i)), i);
      } catch (InvalidProtocolBufferException unreadable) {
        diagnostics.unreadable("Cluster", "number " + i, unreadable);
      }
    }
    Set<String> names = new HashSet<>(byName.keySet());
    Set<String> ejecting = new HashSet<>();
    PoolClusters pools = new PoolClusters(settings);
    int rewritten = 0;
    for (Map.Entry<String, Target> entry : plans.targets().entrySet()) {
      String name = entry.getKey();
      Integer at = byName.get(name);
      Integer from = at == null ? byName.get(entry.getValue().original()) : at;
      if (from == null) {
        continue; // its requests meet a cluster that does not exist: 503, as Envoy Gateway left it
      }
      try {
        Cluster original = Cluster.parseFrom(given.get(from));
        ByteString pool = pools.rewrite(original, name, entry.getValue().pool()).toByteString();
        if (at == null) {
          clusters.add(pool);
          names.add(name);
        } else {
          clusters.set(at, pool);
        }
        if (PoolClusters.setsHostsAside(original)) {
          ejecting.add(name);
        }
        rewritten++;
      } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
        diagnostics.unreadable("Cluster", name, unreadable);
      }
    }
    PickerClusters pickers = new PickerClusters(settings);
    for (ServicePort picker : plans.pickers()) {
      if (names.add(XdsNames.picker(picker))) {
        clusters.add(pickers.of(picker).toByteString());
      }
    }
    return new Clusters(clusters, names, ejecting, rewritten);
  }

  /** All clusters, with those that lead into the loops for large bodies. */
  List<ByteString> withLoops(Set<String> routeConfigurations) {
    List<ByteString> all = new ArrayList<>(clusters);
    for (String routeConfiguration : routeConfigurations) {
      if (!names.contains(XdsNames.largeBodies(routeConfiguration))) {
        all.add(LargeBodies.cluster(routeConfiguration).toByteString());
      }
    }
    return all;
  }

  /** Whether a cluster of the plan may set hosts aside while it runs. */
  boolean setHostsAside(RulePlan plan) {
    return Plans.shares(plan).stream().map(Share::cluster).anyMatch(ejecting::contains);
  }

  int rewrittenCount() {
    return rewritten;
  }
}
