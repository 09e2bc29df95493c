package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Serves the endpoints of pools and endpoint pickers to Envoy:
 * {@code envoy.service.endpoint.v3.EndpointDiscoveryService}, state of the world and delta. It accepts each new
 * snapshot.
 *
 * <p>A pool without endpoints gets an empty assignment. A pool or Service that was removed from the snapshot keeps its
 * last assignment while an Envoy watches it (Envoy Gateway will drop its cluster). Before the first synced snapshot no
 * response is sent.
 */
public final class EndpointDiscovery implements Consumer<ClusterSnapshot>, AutoCloseable {
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  /** The retention of removed names: longer than a proxy takes from its start to its first request. */
  private static final Duration AFTER_REMOVAL = Duration.ofMinutes(10);

  /** The largest number of names that no object announces. */
  private static final int MOST_ASKED = 10_000;

  /** The time for which a name without a watch keeps its room: a proxy acknowledges within it. */
  private static final Duration SPARE = Duration.ofSeconds(10);

  private final EndpointCache cache;
  private final V3DiscoveryServer server;

  /**
   * Endpoint discovery without assignments.
   *
   * @param observers called for each stream, request and response
   */
  public EndpointDiscovery(DiscoveryServerCallbacks... observers) {
    cache = new EndpointCache(
        VersionPrefix.ofNow(),
        new AskedEndpoints(MOST_ASKED, SPARE, System::nanoTime),
        AFTER_REFUSAL,
        AFTER_REMOVAL);
    server = new V3DiscoveryServer(List.of(observers), cache);
  }

  /** The gRPC service. */
  public ServerServiceDefinition service() {
    return ServerInterceptors.intercept(
        server.getEndpointDiscoveryServiceImpl(),
        new RequestCheck(),
        new StreamBounds(cache, Client.MemoryShare.DEFAULT)); // the last is the first to be called
  }

  /** Runs the task when all requests so far are processed. */
  void run(Runnable task) {
    cache.run(task);
  }

  @Override
  public void accept(ClusterSnapshot snapshot) {
    if (snapshot.synced()) {
      cache.serve(snapshot);
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
