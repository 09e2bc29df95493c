package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.grpc.BindableService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells Envoy where pools and endpoint pickers are: {@code envoy.service.endpoint.v3.EndpointDiscoveryService}, state
 * of the world and delta. Give it each snapshot.
 *
 * <p>A pool that is known to have no endpoints is answered as empty. A pool or Service that has left the snapshot keeps its
 * last answer while an Envoy asks for it (Envoy Gateway will drop its cluster). Before the first synced snapshot nothing
 * is answered at all.
 */
public final class EndpointDiscovery implements Consumer<ClusterSnapshot>, AutoCloseable {
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(5);

  /** Longer than a proxy takes from its start to its first question. */
  private static final Duration AFTER_REMOVAL = Duration.ofMinutes(10);

  private final Assignments assignments;
  private final V3DiscoveryServer server;
  private final Map<String, List<Endpoint>> told = new HashMap<>();
  private ClusterSnapshot last = ClusterSnapshot.EMPTY;

  /** Endpoint discovery that knows nothing yet. */
  public EndpointDiscovery() {
    assignments = new Assignments(VersionPrefix.ofNow(), AFTER_REFUSAL, AFTER_REMOVAL);
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
    Set<String> gone = EndpointsByName.gone(last, snapshot);
    last = snapshot;
    told.putAll(changed);
    told.keySet().removeAll(gone);
    assignments.put(changed);
    assignments.remove(gone);
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
