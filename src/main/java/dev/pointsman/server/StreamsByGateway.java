package dev.pointsman.server;

import dev.pointsman.observe.GatewayMetrics;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the streams of endpoint discovery by Gateway, which a stream's first request names. */
final class StreamsByGateway implements DiscoveryServerCallbacks {
  private static final int LONGEST = 256;

  private final GatewayMetrics metrics;
  private final Map<Long, String> proxies = new ConcurrentHashMap<>();

  StreamsByGateway(GatewayMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void onV3StreamRequest(long stream, DiscoveryRequest request) {
    named(stream, request.getNode().getCluster());
  }

  @Override
  public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
    named(stream, request.getNode().getCluster());
  }

  private void named(long stream, String name) {
    String cluster =
        name.substring(0, Math.min(name.length(), LONGEST)); // kept as long as the stream
    if (!cluster.isEmpty() && proxies.putIfAbsent(stream, cluster) == null) {
      metrics.opened(cluster);
    }
  }

  @Override
  public void onStreamClose(long stream, String typeUrl) {
    closed(stream);
  }

  @Override
  public void onStreamCloseWithError(long stream, String typeUrl, Throwable error) {
    closed(stream);
  }

  private void closed(long stream) {
    String cluster = proxies.remove(stream);
    if (cluster != null) {
      metrics.closed(cluster);
    }
  }
}
