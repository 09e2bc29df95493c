package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells Envoy where pools and endpoint pickers are: {@code envoy.service.endpoint.v3.EndpointDiscoveryService}, state
 * of the world and delta. Give it each snapshot.
 *
 * <p>A pool that is known to have no endpoints is answered as empty. What has left the snapshot keeps its last answer
 * (Envoy Gateway will drop its cluster), and before the first synced snapshot nothing is answered at all.
 */
public final class EndpointDiscovery implements Consumer<ClusterSnapshot>, AutoCloseable {
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  private final Assignments assignments;
  private final V3DiscoveryServer server;
  private final Map<String, List<Endpoint>> told = new HashMap<>();
  private ClusterSnapshot last = ClusterSnapshot.EMPTY;

  /** Endpoint discovery that knows nothing yet. */
  public EndpointDiscovery() {
    assignments = new Assignments(Epoch.ofNow(), AFTER_REFUSAL);
    server = new V3DiscoveryServer(assignments);
  }

  /** The gRPC service. */
  public BindableService service() {
    return server.getEndpointDiscoveryServiceImpl();
  }

  @Override
  public synchronized void accept(ClusterSnapshot snapshot) {
    if (!snapshot.synced()) {
      return;
    }
    Map<String, List<Endpoint>> changed = new HashMap<>();
    EndpointsByName.changed(last, snapshot)
        .forEach((name, endpoints) -> compare(name, endpoints, changed));
    last = snapshot;
    told.putAll(changed);
    assignments.put(changed);
  }

  private void compare(String name, List<Endpoint> endpoints, Map<String, List<Endpoint>> changed) {
    if (!endpoints.equals(told.get(name))) {
      changed.put(name, endpoints);
    }
  }

  @Override
  public void close() {
    assignments.close();
  }
}
