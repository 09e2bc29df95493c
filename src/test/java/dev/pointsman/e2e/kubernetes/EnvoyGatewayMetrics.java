package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** Envoy Gateway's own metrics. */
final class EnvoyGatewayMetrics {
  private EnvoyGatewayMetrics() {}

  /** The number of translations that failed: their Gateways keep their configuration. */
  static double failedTranslations(Cluster cluster) throws IOException, InterruptedException {
    String address = cluster.podAddress(Cluster.SYSTEM, "control-plane=envoy-gateway");
    HttpRequest metrics = HttpRequest.newBuilder(URI.create("http://" + address + ":19001/metrics"))
        .build();
    return cluster
        .http()
        .send(metrics, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line ->
            line.matches("watchable_subscribe_total\\{.*runner=\"xds.*status=\"failure\".*"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
