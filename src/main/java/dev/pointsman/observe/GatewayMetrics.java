package dev.pointsman.observe;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
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
  private final MultiGauge times;
  private final MultiGauge diagnostics;
  private final MultiGauge ofObjects;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();
  private volatile Supplier<Map<String, GatewayTranslation>> translations = Map::of;
  private volatile Supplier<List<Diagnostic>> problems = List::of;

  GatewayMetrics(MeterRegistry registry) {
    clusters = MultiGauge.builder("pointsman.gateway.pool.clusters")
        .description("Clusters of pools in a Gateway's last translation.")
        .register(registry);
    streams = MultiGauge.builder("pointsman.gateway.eds.streams")
        .description("Open streams of endpoint discovery by Gateway, one per cluster and proxy.")
        .register(registry);
    times = MultiGauge.builder("pointsman.gateway.translated")
        .baseUnit("seconds")
        .description(
            "Unix time of this replica's last translation of a Gateway; the replica with the latest one has what proxies use.")
        .register(registry);
    diagnostics = MultiGauge.builder("pointsman.gateway.diagnostics")
        .description("Diagnostics of this replica's last translation of a Gateway, above 0.")
        .register(registry);
    ofObjects = MultiGauge.builder("pointsman.object.diagnostics")
        .description(
            "Diagnostics of objects at this moment, above 0: as they were read, of pools' pods and pickers, and, where statuses are written, of targets that do not exist.")
        .register(registry);
  }

  /**
   * Sets the suppliers of the present values.
   *
   * @param supplier the last translation of each Gateway, by {@code namespace/name}
   * @param objects the diagnostics that do not depend on translations
   */
  public void translations(
      Supplier<Map<String, GatewayTranslation>> supplier, Supplier<List<Diagnostic>> objects) {
    translations = supplier;
    problems = objects;
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
    if (name.length() <= LONGEST) {
      return name;
    }
    boolean isPair = Character.isHighSurrogate(name.charAt(LONGEST - 1)); // half of it has no UTF-8
    return name.substring(0, isPair ? LONGEST - 1 : LONGEST);
  }

  /** Brings the series up to date. */
  synchronized void update() {
    Map<String, GatewayTranslation> translated = translations.get();
    Map<String, Integer> ofGateways = new TreeMap<>();
    List<Row<?>> timeRows = new ArrayList<>();
    List<Row<?>> diagnosticRows = new ArrayList<>();
    translated.entrySet().stream().limit(MOST).forEach(gateway -> {
      GatewayTranslation last = gateway.getValue();
      Tags tags = Tags.of(GATEWAY, bounded(gateway.getKey()));
      if (last.poolClusters() > 0) {
        ofGateways.put(gateway.getKey(), last.poolClusters());
      }
      timeRows.add(Row.of(tags, last.time().toEpochMilli() / 1e3));
      diagnosticRows.addAll(rows(tags, last.diagnostics()));
    });
    times.register(timeRows, true);
    diagnostics.register(diagnosticRows, true);
    ofObjects.register(rows(Tags.empty(), GatewayTranslation.count(problems.get())), true);
    Map<String, Integer> all = new TreeMap<>(open);
    ofGateways.keySet().forEach(gateway -> all.putIfAbsent(gateway, 0));
    clusters.register(rows(ofGateways), true);
    streams.register(rows(all), true);
  }

  private static List<Row<?>> rows(Tags tags, Map<Reason, Long> counts) {
    return counts.entrySet().stream()
        .<Row<?>>map(count -> Row.of(
            tags.and("code", count.getKey().code(), "reason", count.getKey().name()),
            count.getValue()))
        .toList();
  }

  private static Iterable<Row<?>> rows(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .limit(2L * MOST)
        .<Row<?>>map(count -> Row.of(Tags.of(GATEWAY, count.getKey()), count.getValue()))
        .toList();
  }
}
