package dev.pointsman.hook;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.Weigher;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Plans.Target;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PickerSettings.Connection;
import dev.pointsman.plan.PoolBackend.Plain;
import dev.pointsman.plan.PoolBackend.Unusable;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.xds.PickerClusters;
import dev.pointsman.xds.PoolClusters;
import dev.pointsman.xds.RouteChange;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;

/**
 * Remembers the results of rewriting by everything that they depend on, so that a translation in which one rule has
 * changed costs one rewrite. Envoy Gateway sends everything each time.
 */
final class Memo {
  /** Bytes of keys and values; a rule with a pool takes some 5 KB. */
  private static final long MOST_BYTES = 128L << 20;

  private final PoolClusters pools;
  private final PickerClusters pickers;
  private final Cache<Content, RouteFacts> facts =
      cache((content, _) -> 2 * content.bytes().size());
  private final Cache<RouteKey, Changed> routes =
      cache((key, changed) -> key.content().bytes().size()
          + changed.routes().stream().mapToInt(ByteString::size).sum()
          + changed.loop().stream().mapToInt(ByteString::size).sum());
  private final Cache<ClusterKey, PoolCluster> clusters =
      cache((key, cluster) -> key.content().bytes().size() + cluster.bytes().size());
  private final Cache<Picker, ByteString> pickerClusters = cache((_, cluster) -> cluster.size());

  /** Bytes that are told apart by their ends, where names are, before they are compared as a whole. */
  private record Content(ByteString bytes) {
    private static final int END = 64;

    @Override
    public int hashCode() {
      int size = bytes.size();
      return size <= 2 * END
          ? bytes.hashCode()
          : 31 * (31 * size + bytes.substring(0, END).hashCode())
              + bytes.substring(size - END).hashCode();
    }
  }

  private record RouteKey(Content content, RouteChange change) {}

  private record ClusterKey(Content content, String name, Target target) {}

  /** An endpoint picker and how it is asked. */
  record Picker(ServicePort service, Connection connection) {}

  /**
   * A pool's cluster.
   *
   * @param setsHostsAside whether it ejects hosts or checks their health
   */
  record PoolCluster(ByteString bytes, boolean setsHostsAside) {}

  Memo(XdsSettings settings) {
    pools = new PoolClusters(settings);
    pickers = new PickerClusters(settings);
  }

  RouteFacts facts(ByteString route) throws InvalidProtocolBufferException {
    Content content = new Content(route);
    RouteFacts known = facts.getIfPresent(content);
    if (known == null) {
      known = RouteFacts.of(route);
      facts.put(content, known);
    }
    return known;
  }

  Changed route(ByteString route, RouteChange change) throws InvalidProtocolBufferException {
    RouteKey key = new RouteKey(new Content(route), change);
    Changed known = routes.getIfPresent(key);
    if (known == null) {
      known = change.apply(route);
      routes.put(key, known);
    }
    return known;
  }

  PoolCluster cluster(ByteString original, String name, Target target)
      throws InvalidProtocolBufferException {
    ClusterKey key = new ClusterKey(new Content(original), name, target);
    PoolCluster known = clusters.getIfPresent(key);
    if (known == null) {
      Cluster cluster = rewrite(Cluster.parseFrom(original), name, target);
      known = new PoolCluster(cluster.toByteString(), PoolClusters.setsHostsAside(cluster));
      clusters.put(key, known);
    }
    return known;
  }

  private Cluster rewrite(Cluster original, String name, Target target) {
    return switch (target.backend()) {
      case Usable pool -> pools.rewrite(original, name, pool, target.outliers());
      case Plain(ServicePort service) -> pools.rewrite(original, name, service);
      case Unusable _ -> throw new IllegalArgumentException("no cluster for " + target.backend());
    };
  }

  ByteString picker(Picker picker) {
    ByteString known = pickerClusters.getIfPresent(picker);
    if (known == null) {
      known = pickers.of(picker.service(), picker.connection()).toByteString();
      pickerClusters.put(picker, known);
    }
    return known;
  }

  private static <K, V> Cache<K, V> cache(Weigher<K, V> weigher) {
    return CacheBuilder.newBuilder()
        .maximumWeight(MOST_BYTES / 4)
        .weigher(weigher)
        .build();
  }
}
