package dev.pointsman.e2e.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A fault in Pointsman's metrics: counters of failures, and the gauges that alerts look at.
 *
 * @param values by name, the sum of all replicas that answer
 */
record FaultMetrics(Map<String, Double> values) {
  private static final List<String> NAMES = List.of(
      "pointsman_api_errors_total",
      "pointsman_certificate_reloads_total",
      "pointsman_eds_nacks_total",
      "pointsman_source_connected",
      "pointsman_leader",
      "pointsman_gateway_eds_streams");

  /** The metrics now; a replica that does not answer has none. */
  static FaultMetrics of(Cluster cluster) {
    Map<String, Double> values = new TreeMap<>();
    List<Replica> replicas;
    try {
      replicas = Replica.all(cluster);
    } catch (RuntimeException apiServerAway) {
      return new FaultMetrics(values);
    }
    for (Replica replica : replicas) {
      try {
        replica
            .metrics("pointsman_")
            .filter(line -> NAMES.stream().anyMatch(line::startsWith))
            .filter(line -> !line.contains("_eds_streams") || line.contains("faults/"))
            .forEach(line -> values.merge(
                line.substring(0, line.lastIndexOf(' ')), Replica.value(line), Double::sum));
      } catch (AssertionError away) {
        values.merge("replicas that do not answer", 1.0, Double::sum);
      }
    }
    return new FaultMetrics(values);
  }

  /** The changes since an earlier time, in words. */
  List<String> since(FaultMetrics earlier) {
    List<String> changes = new ArrayList<>();
    values.forEach((name, value) -> {
      double before = earlier.values.getOrDefault(name, 0.0);
      if (value != before) {
        changes.add("%s: %.0f, before %.0f".formatted(name, value, before));
      }
    });
    return changes;
  }
}
