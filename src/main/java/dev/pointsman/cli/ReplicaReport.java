package dev.pointsman.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import tools.jackson.core.JacksonException;
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

  /** The pages are not those of an admin port, such as a sidecar's or Prometheus' own. */
  static final class OtherServer extends Exception {
    private static final long serialVersionUID = 1;

    /** The result for the replica. */
    static CheckResult result(String address) {
      return CheckResult.failed(
          "replica " + address + ": the port answers something else than Pointsman's admin port");
    }
  }

  /**
   * Reads the two pages; lines of other metrics are left out.
   *
   * @throws OtherServer if one of them is no page of an admin port
   */
  static ReplicaReport of(String address, String readyz, String metrics) throws OtherServer {
    Map<String, Double> series = new LinkedHashMap<>();
    try {
      for (String line : metrics.lines().toList()) {
        Matcher sample = SAMPLE.matcher(line);
        if (sample.matches()) {
          series.put(sample.group(1), Double.valueOf(sample.group(2).replace("Inf", "Infinity")));
        }
      }
      JsonNode ready = JsonMapper.shared().readTree(readyz);
      if (!series.isEmpty() && ready.path("ready").isBoolean()) {
        return new ReplicaReport(address, ready, series);
      }
    } catch (JacksonException | NumberFormatException unreadable) {
      // as below
    }
    throw new OtherServer();
  }

  /** The values of a metric's series whose labels contain a text, such as {@code state="ready"}. */
  DoubleStream values(String metric, String label) {
    return series.entrySet().stream()
        .filter(one -> one.getKey().equals(metric) || one.getKey().startsWith(metric + "{"))
        .filter(one -> one.getKey().contains(label))
        .mapToDouble(Map.Entry::getValue);
  }
}
