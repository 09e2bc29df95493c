package dev.pointsman.page;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.xds.PoolClusters;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Names of clusters for people: the pool, if it is a pool's. */
final class BackendNames {
  private BackendNames() {}

  static UnaryOperator<String> of(List<PostTranslateModifyResponse> answers)
      throws InvalidProtocolBufferException {
    Map<String, String> pools = new HashMap<>();
    for (PostTranslateModifyResponse answer : answers) {
      for (ByteString bytes : answer.getClustersList()) {
        Cluster cluster = Cluster.parseFrom(bytes);
        PoolClusters.pool(cluster).ifPresent(pool -> pools.put(cluster.getName(), pool));
      }
    }
    return name -> pools.getOrDefault(name, name);
  }
}
