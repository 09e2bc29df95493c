package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.translate.RequiredResources.Picker;
import dev.pointsman.translate.RequiredResources.PoolClusterSpec;
import dev.pointsman.wire.Bytes;
import dev.pointsman.xds.EnvoyRules;
import dev.pointsman.xds.PickerClusters;
import dev.pointsman.xds.PoolClusters;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.Optional;

/**
 * Makes the clusters of pools and pickers.
 *
 * @param endpointDiscovery the cluster that leads to endpoint discovery
 */
record ClusterFactory(ByteString endpointDiscovery) {
  private static final PoolClusters POOLS = new PoolClusters();
  private static final PickerClusters PICKERS = new PickerClusters();

  /**
   * A pool's cluster and its inputs.
   *
   * @param original Envoy Gateway's cluster, in memory of its own
   * @param canEjectHosts whether it ejects hosts or checks their health
   */
  record PoolCluster(
      ByteString original, PoolClusterSpec spec, ByteString bytes, boolean canEjectHosts) {}

  /**
   * A picker's cluster and its inputs.
   *
   * @param broken the rule of Envoy's API that the cluster would break
   */
  record PickerCluster(Picker picker, ByteString bytes, Optional<String> broken) {}

  /**
   * The cluster of a pool.
   *
   * @param original Envoy Gateway's cluster
   * @throws InvalidProtocolBufferException if the original cannot be read
   * @throws EnvoyRules.Broken if the cluster would break a rule of Envoy's API that the original does not
   */
  PoolCluster pool(String name, PoolClusterSpec spec, ByteString original)
      throws InvalidProtocolBufferException {
    Cluster parsed = Cluster.parseFrom(original);
    Cluster cluster = EnvoyRules.validated(rewrite(parsed, name, spec), parsed);
    return new PoolCluster(
        Bytes.copy(original),
        spec,
        cluster.toByteString(),
        !(spec.backend() instanceof InvalidPool) && PoolClusters.canEjectHosts(cluster));
  }

  private Cluster rewrite(Cluster original, String name, PoolClusterSpec spec) {
    return switch (spec.backend()) {
      case ValidPool pool ->
        POOLS.rewrite(original, name, pool, spec.outliers(), spec.upstreamTls(), spec.subset());
      case ServiceBackend service -> POOLS.rewrite(original, name, service);
      case InvalidPool _ -> POOLS.withoutEndpoints(original);
    };
  }

  /** The diagnostic of a cluster that is left out. */
  static Diagnostic broken(String cluster, String rule) {
    return new Diagnostic(
        Reason.BrokenRule,
        new ObjectRef("Cluster", "", cluster),
        "",
        "is not made, because it would break a rule of Envoy's: " + rule);
  }

  /** The cluster of a picker. */
  PickerCluster picker(Picker picker) {
    Cluster cluster = PICKERS.of(picker.service(), picker.connection());
    return new PickerCluster(picker, cluster.toByteString(), EnvoyRules.brokenBy(cluster));
  }
}
