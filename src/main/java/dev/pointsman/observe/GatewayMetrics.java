package dev.pointsman.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Metrics that compare a Gateway's pools with the streams of its proxies. A replica sees only the streams that it has, so
 * that only the sum over replicas tells whether no proxy asks for endpoints.
 */
public final class GatewayMetrics {
  private static final String GATEWAY = "gateway";

  /** The maximum number of Gateways with series, and of other proxies. */
  private static final int MOST = 1_000;

  private static final int LONGEST = 256;

  private final MultiGauge clusters;
  private final MultiGauge streams;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();
  private volatile Supplier<Map<String, Integer>> poolClusters = Map::of;

  GatewayMetrics(MeterRegistry registry) {
    clusters = MultiGauge.builder("pointsman.gateway.pool.clusters")
        .description("Clusters of pools in a Gateway's last translation.")
        .register(registry);
    streams = MultiGauge.builder("pointsman.gateway.eds.streams")
        .description("Open streams of endpoint discovery by Gateway, one per cluster and proxy.")
        .register(registry);
  }

  /**
   * Sets the supplier of the number of pools' clusters in the last translation of each Gateway.
   *
   * @param supplier by {@code namespace/name}
   */
  public void poolClusters(Supplier<Map<String, Integer>> supplier) {
    poolClusters = supplier;
  }

  /**
   * Counts an opened stream.
   *
   * @param proxies the cluster of the proxy's node: its Gateway as {@code namespace/name}, unless Gateways are merged
   */
  public void opened(String proxies) {
    String name = bounded(proxies);
    if (open.size() < MOST || open.containsKey(name)) {
      open.merge(name, 1, Integer::sum);
    }
  }

  /** Counts a closed stream. */
  public void closed(String proxies) {
    open.computeIfPresent(bounded(proxies), (_, count) -> count > 1 ? count - 1 : null);
  }

  private static String bounded(String name) {
    return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }

  /** Brings the series up to date. */
  synchronized void update() {
    Map<String, Integer> ofGateways = new TreeMap<>(poolClusters.get());
    Map<String, Integer> all = new TreeMap<>(open);
    ofGateways.keySet().forEach(gateway -> all.putIfAbsent(gateway, 0));
    clusters.register(rows(ofGateways), true);
    streams.register(rows(all), true);
  }

  private static Iterable<Row<?>> rows(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .limit(2L * MOST)
        .<Row<?>>map(count -> Row.of(Tags.of(GATEWAY, count.getKey()), count.getValue()))
        .toList();
  }
}
