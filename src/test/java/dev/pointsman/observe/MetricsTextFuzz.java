package dev.pointsman.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pointsman.fuzz.FuzzInput;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name that a proxy gives to its Gateway is one value of a label in Prometheus' text format, and adds no line and no
 * series of another name.
 */
public final class MetricsTextFuzz {
  private static final PrometheusMeterRegistry REGISTRY =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private static final GatewayMetrics GATEWAYS = new GatewayMetrics(REGISTRY);
  private static final Pattern SERIES = Pattern.compile(
      "pointsman_gateway_eds_streams\\{gateway=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"} 1\\.0");

  private MetricsTextFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    // A name comes as UTF-8, which has no half of a surrogate pair.
    String gateway = new String(new FuzzInput(bytes).restAsText().getBytes(UTF_8), UTF_8);
    if (gateway.isEmpty()) {
      return;
    }
    GATEWAYS.opened(gateway);
    GATEWAYS.update();
    String series = REGISTRY.scrape();
    GATEWAYS.closed(gateway);
    boolean isFound = false;
    for (String line : series.split("\n", -1)) {
      Matcher matcher = SERIES.matcher(line);
      isFound |= matcher.matches() && gateway.startsWith(unescaped(matcher.group(1)));
      if (!line.isEmpty() && !line.startsWith("# ") && !matcher.matches()) {
        throw new AssertionError("no series: " + line);
      }
    }
    if (!isFound) {
      throw new AssertionError("no series of " + gateway + ": " + series);
    }
  }

  private static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < value.length(); at++) {
      boolean isEscape = value.charAt(at) == '\\';
      at += isEscape ? 1 : 0;
      text.append(isEscape && value.charAt(at) == 'n' ? '\n' : value.charAt(at));
    }
    return text.toString();
  }
}
