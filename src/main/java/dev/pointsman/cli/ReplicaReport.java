package dev.pointsman.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The admin port of one replica at one moment.
 *
 * @param address of the replica
 * @param ready {@code /readyz} as JSON
 * @param series the series of {@code /metrics} with their labels, and their values
 */
record ReplicaReport(String address, JsonNode ready, Map<String, Double> series) {
  private static final Pattern SAMPLE = Pattern.compile("(pointsman_\\w+(?:\\{.*})?) (\\S+)");

  /** Reads the two pages; lines of other metrics are left out. */
  static ReplicaReport of(String address, String readyz, String metrics) {
    Map<String, Double> series = new LinkedHashMap<>();
    for (String line : metrics.lines().toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()) {
        series.put(sample.group(1), Double.valueOf(sample.group(2).replace("Inf", "Infinity")));
      }
    }
    return new ReplicaReport(address, JsonMapper.shared().readTree(readyz), series);
  }

  /** The values of a metric's series whose labels contain a text, such as {@code state="ready"}. */
  DoubleStream values(String metric, String label) {
    return series.entrySet().stream()
        .filter(one -> one.getKey().equals(metric) || one.getKey().startsWith(metric + "{"))
        .filter(one -> one.getKey().contains(label))
        .mapToDouble(Map.Entry::getValue);
  }
}
