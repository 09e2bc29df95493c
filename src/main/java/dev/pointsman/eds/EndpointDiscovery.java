package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final EndpointCache cache;
  private final V3DiscoveryServer server;
  private final Map<String, List<Endpoint>> published = new HashMap<>();
  private final AskedEndpoints unannounced = new AskedEndpoints();
  private ClusterSnapshot last = ClusterSnapshot.EMPTY;

  /**
   * Endpoint discovery without assignments.
   *
   * @param observers called for each stream, request and response
   */
  public EndpointDiscovery(DiscoveryServerCallbacks... observers) {
    cache = new EndpointCache(VersionPrefix.ofNow(), AFTER_REFUSAL, AFTER_REMOVAL);
    server = new V3DiscoveryServer(List.of(observers), cache);
    cache.onUnknown(this::ask);
  }

  /** Serves resources from now on in whose names is all that is needed. */
  private synchronized void ask(Set<String> names) {
    Map<String, List<Endpoint>> asked = unannounced.add(names, last);
    published.putAll(asked);
    cache.put(asked);
  }

  /** The gRPC service. */
  public ServerServiceDefinition service() {
    return ServerInterceptors.intercept(
        server.getEndpointDiscoveryServiceImpl(), new RequestCheck());
  }

  @Override
  public synchronized void accept(ClusterSnapshot snapshot) {
    if (!snapshot.synced()) {
      return;
    }
    Map<String, List<Endpoint>> changed = new HashMap<>();
    EndpointsByName.changed(last, snapshot)
        .forEach((name, endpoints) -> compare(name, endpoints, changed));
    unannounced
        .changed(last, snapshot)
        .forEach((name, endpoints) -> compare(name, endpoints, changed));
    Set<String> gone = EndpointsByName.gone(last, snapshot);
    last = snapshot;
    published.putAll(changed);
    published.keySet().removeAll(gone);
    cache.put(changed);
    cache.remove(gone);
  }

  private void compare(String name, List<Endpoint> endpoints, Map<String, List<Endpoint>> changed) {
    if (!endpoints.equals(published.get(name))) {
      changed.put(name, endpoints);
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
