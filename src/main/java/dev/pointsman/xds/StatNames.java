package dev.pointsman.xds;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;

/**
 * Keeps each cluster's statistics under one label. Envoy takes the label {@code envoy_cluster_name} from a statistic up
 * to the first dot and leaves the rest in the metric's name, so that a cluster name with a dot (an API group, say) makes
 * metrics of its own, which nothing can sum.
 */
final class StatNames {
  private StatNames() {}

  /** The cluster with a name for statistics without dots, unless it has a name for statistics already. */
  static Cluster.Builder set(Cluster.Builder cluster) {
    if (cluster.getName().indexOf('.') >= 0 && cluster.getAltStatName().isEmpty()) {
      cluster.setAltStatName(cluster.getName().replace('.', '_')); // Kubernetes' names have no '_'
    }
    return cluster;
  }
}
