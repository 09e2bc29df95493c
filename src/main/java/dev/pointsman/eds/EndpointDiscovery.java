package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Serves the endpoints of pools and endpoint pickers to Envoy:
 * {@code envoy.service.endpoint.v3.EndpointDiscoveryService}, state of the world and delta. It accepts each new
 * snapshot.
 *
 * <p>A pool without endpoints gets an empty assignment. So does a Service's port that was deleted, at once: Envoy
 * Gateway does not know Services of pickers and policies, and keeps their clusters. A deleted pool is served for a
 * minute as if it existed, because proxies use its cluster until Envoy Gateway's next translation. Before the first
 * synced snapshot no response is sent, nor for an object that cannot be read.
 */
public final class EndpointDiscovery implements Consumer<ClusterSnapshot>, AutoCloseable {
  /**
   * A deleted pool's time is longer than Envoy Gateway takes to start again, translate and reach its proxies (40 s and
   * 12 s); a removed name's is longer than a proxy takes from its start to its first request.
   */
  private static final CacheDelays DELAYS =
      new CacheDelays(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(10));

  /** The largest number of names that no object announces. */
  private static final int MOST_ASKED = 10_000;

  /** The time for which a name without a watch keeps its room: a proxy acknowledges within it. */
  private static final Duration SPARE = Duration.ofSeconds(10);

  private final EndpointCache cache;
  private final V3DiscoveryServer server;

  /**
   * Endpoint discovery without assignments.
   *
   * @param isCurrent whether an object of the namespace that the snapshot has not got does not exist
   * @param observers called for each stream, request and response
   */
  public EndpointDiscovery(Predicate<String> isCurrent, DiscoveryServerCallbacks... observers) {
    this(
        new EndpointCache(
            VersionPrefix.ofNow(),
            new AskedEndpoints(MOST_ASKED, SPARE, System::nanoTime),
            new MissingObjects(isCurrent),
            DELAYS),
        observers);
  }

  EndpointDiscovery(EndpointCache cache, DiscoveryServerCallbacks... observers) {
    this.cache = cache;
    server = new V3DiscoveryServer(List.of(observers), cache);
  }

  /** The gRPC service. */
  public ServerServiceDefinition service() {
    return ServerInterceptors.intercept(
        server.getEndpointDiscoveryServiceImpl(),
        new RequestCheck(),
        new StreamBounds(cache, MemoryShare.DEFAULT)); // the last is the first to be called
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
